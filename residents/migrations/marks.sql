-- Writing what was seen of many stays on many nights; a mark that is already so is left alone. Returns how many changed.
--
-- One person counts once a night in the organisation: of two sites that saw them, the stay that began later counts
-- (field guide §5.2). The rival mark may be at a site that the writer does not see; it stays, uncounted. That is why this
-- function sees every row, and asks itself whether the stays are the writer's to mark.

CREATE FUNCTION residents_marks(of_stays bigint[], on_nights date[], given text[])
RETURNS TABLE (stay_id bigint, person_id bigint, site_id bigint, arrived_on date, night date, mark text)
LANGUAGE sql STABLE AS $$
    SELECT s.id, s.person_id, s.site_id, s.arrived_on, m.night, m.mark
    FROM unnest(of_stays, on_nights, given) AS m (stay_id, night, mark) JOIN residents_stay s ON s.id = m.stay_id
$$;

CREATE FUNCTION residents_record_marks(of_stays bigint[], on_nights date[], given text[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    writable CONSTANT bigint[] := house_sites('admit', 'depart', 'correct_stay', 'import');
    changed integer;
BEGIN
    IF EXISTS (SELECT FROM residents_stay s WHERE s.id = ANY (of_stays) AND s.site_id <> ALL (writable))
        AND NOT (SELECT rolbypassrls FROM pg_roles WHERE rolname = session_user)
    THEN
        RAISE EXCEPTION 'these stays are not the user''s to mark' USING ERRCODE = 'insufficient_privilege';
    END IF;

    INSERT INTO residents_nightsheet (site_id, night)
    SELECT DISTINCT b.site_id, b.night FROM residents_marks(of_stays, on_nights, given) b
    ON CONFLICT (site_id, night) DO NOTHING;

    -- Earlier arrivals stop counting where the batch says that a later one was present.
    UPDATE residents_presence p SET counted = false
    FROM residents_marks(of_stays, on_nights, given) b, residents_stay s
    WHERE p.person_id = b.person_id AND p.night = b.night AND p.mark = 'P' AND p.counted AND s.id = p.stay_id
        AND b.mark = 'P' AND b.stay_id <> p.stay_id
        AND (
            (b.arrived_on, b.stay_id) > (s.arrived_on, s.id)
            OR EXISTS (
                SELECT FROM residents_marks(of_stays, on_nights, given) o WHERE o.stay_id = p.stay_id AND o.night = p.night
            )
        );

    -- A rival counts instead when it also says present, began later, and is not itself rewritten by this batch.
    WITH batch AS (SELECT * FROM residents_marks(of_stays, on_nights, given)), rivals AS (
        SELECT b.person_id, b.night, b.arrived_on, b.stay_id FROM batch b WHERE b.mark = 'P'
        UNION ALL
        SELECT p.person_id, p.night, s.arrived_on, s.id
        FROM residents_presence p JOIN residents_stay s ON s.id = p.stay_id
        JOIN batch b ON b.person_id = p.person_id AND b.night = p.night
        WHERE p.mark = 'P' AND NOT EXISTS (SELECT FROM batch o WHERE o.stay_id = p.stay_id AND o.night = p.night)
    ), last_in AS (
        SELECT DISTINCT ON (r.person_id, r.night) r.person_id, r.night, r.stay_id
        FROM rivals r ORDER BY r.person_id, r.night, r.arrived_on DESC, r.stay_id DESC
    )
    INSERT INTO residents_presence AS p (stay_id, person_id, site_id, night, mark, counted)
    SELECT b.stay_id, b.person_id, b.site_id, b.night, b.mark, b.mark <> 'P' OR l.stay_id = b.stay_id
    FROM batch b LEFT JOIN last_in l ON l.person_id = b.person_id AND l.night = b.night
    ON CONFLICT (stay_id, night) DO UPDATE SET mark = excluded.mark, counted = excluded.counted
    WHERE (p.mark, p.counted) IS DISTINCT FROM (excluded.mark, excluded.counted);
    GET DIAGNOSTICS changed = ROW_COUNT;

    -- Who counted is no longer marked present: the rival counts after all.
    UPDATE residents_presence p SET counted = true
    FROM residents_marks(of_stays, on_nights, given) b, residents_stay s
    WHERE p.person_id = b.person_id AND p.night = b.night AND p.mark = 'P' AND NOT p.counted AND s.id = p.stay_id
        AND NOT EXISTS (
            SELECT FROM residents_presence o JOIN residents_stay t ON t.id = o.stay_id
            WHERE o.person_id = p.person_id AND o.night = p.night AND o.mark = 'P' AND o.id <> p.id
                AND (o.counted OR (t.arrived_on, t.id) > (s.arrived_on, s.id))
        );
    RETURN changed;
END $$;
