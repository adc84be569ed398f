-- What two tables must promise each other, told apart by named violations that services turn into sentences.
-- Each guard locks the row it relies on, so that a rival transaction waits and then sees the truth.

CREATE FUNCTION residents_guard_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM residents_person p JOIN sites_site s ON s.organisation_id = p.organisation_id
        WHERE p.id = NEW.person_id AND s.id = NEW.site_id
    ) THEN
        RAISE EXCEPTION 'stay % is at a site of another organisation', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'stay_inside_organisation';
    END IF;
    IF TG_OP = 'UPDATE' AND EXISTS (
        SELECT 1 FROM residents_bedassignment a JOIN sites_bed b ON b.id = a.bed_id JOIN sites_room r ON r.id = b.room_id
        WHERE a.stay_id = NEW.id AND NOT (a.nights <@ NEW.nights AND r.site_id = NEW.site_id)
    ) THEN
        RAISE EXCEPTION 'stay % no longer covers its bed assignments', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bed_assignment_inside_stay';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER residents_guard_stay AFTER INSERT OR UPDATE OF person_id, site_id, arrived_on, left_on ON residents_stay
    FOR EACH ROW EXECUTE FUNCTION residents_guard_stay();

CREATE FUNCTION residents_guard_bed_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bed sites_bed;
    stay residents_stay;
BEGIN
    SELECT * INTO bed FROM sites_bed WHERE id = NEW.bed_id FOR NO KEY UPDATE;
    SELECT * INTO stay FROM residents_stay WHERE id = NEW.stay_id FOR NO KEY UPDATE;
    IF NOT NEW.nights <@ stay.nights OR NOT EXISTS (
        SELECT 1 FROM sites_room r WHERE r.id = bed.room_id AND r.site_id = stay.site_id
    ) THEN
        RAISE EXCEPTION 'bed assignment % leaves its stay', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bed_assignment_inside_stay';
    END IF;
    IF NOT NEW.nights <@ daterange(bed.in_service_from, bed.retired_on) OR EXISTS (
        SELECT 1 FROM sites_bedclosure c WHERE c.bed_id = NEW.bed_id AND c.nights && NEW.nights
    ) THEN
        RAISE EXCEPTION 'bed % is closed', NEW.bed_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bed_open_while_assigned';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER residents_guard_bed_assignment AFTER INSERT OR UPDATE OF stay_id, bed_id, from_on, until_on
    ON residents_bedassignment FOR EACH ROW EXECUTE FUNCTION residents_guard_bed_assignment();

CREATE FUNCTION residents_guard_bed_closure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM sites_bed WHERE id = NEW.bed_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM residents_bedassignment a WHERE a.bed_id = NEW.bed_id AND a.nights && NEW.nights) THEN
        RAISE EXCEPTION 'bed % is taken', NEW.bed_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bed_empty_while_closed';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER residents_guard_bed_closure AFTER INSERT OR UPDATE OF bed_id, from_on, until_on ON sites_bedclosure
    FOR EACH ROW EXECUTE FUNCTION residents_guard_bed_closure();

CREATE FUNCTION residents_guard_bed_service() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM residents_bedassignment a JOIN sites_room r ON r.id = NEW.room_id JOIN residents_stay s ON s.id = a.stay_id
        WHERE a.bed_id = NEW.id
            AND NOT (a.nights <@ daterange(NEW.in_service_from, NEW.retired_on) AND r.site_id = s.site_id)
    ) THEN
        RAISE EXCEPTION 'bed % is taken', NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'bed_open_while_assigned';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER residents_guard_bed_service AFTER UPDATE OF room_id, in_service_from, retired_on ON sites_bed
    FOR EACH ROW EXECUTE FUNCTION residents_guard_bed_service();
