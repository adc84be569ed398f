-- What is confided about a person is sealed with that person's key, and bound to them: it cannot become another's.
-- As definer: whoever merges two files need not be allowed to see the case file.

CREATE FUNCTION casework_guard_merge() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM casework_casefile f WHERE f.person_id = NEW.id) THEN
        RAISE EXCEPTION 'person % has a case file', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'person_merged_without_case_file';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER casework_guard_merge AFTER UPDATE OF merged_into_id ON residents_person
    FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION casework_guard_merge();
