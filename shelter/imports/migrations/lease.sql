-- What workers and the beat do with imports before they act for anybody, or when they may not any more.

-- Work that is due, was not handed to the broker since then, and that no worker has: whose it is, and with whose rights.
CREATE FUNCTION imports_hand_over(since timestamptz) RETURNS TABLE (job bigint, actor bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY
    UPDATE imports_importjob j SET dispatched_at = house_now()
    WHERE j.id IN (
        SELECT d.id FROM imports_importjob d
        WHERE d.due <> '' AND d.asked_by_id IS NOT NULL
            AND (d.dispatched_at IS NULL OR d.dispatched_at < since)
            AND (d.held_until IS NULL OR d.held_until < house_now())
        FOR NO KEY UPDATE SKIP LOCKED
    )
    RETURNING j.id, j.asked_by_id;
END $$;

-- Who asked for the work may not import at its site any more: it stops.
CREATE FUNCTION imports_stop_unless_allowed(job bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE imports_importjob j
    SET state = 'stopped', stopped_work = j.due, due = '', failure = 'not_allowed', finished_at = house_now()
    WHERE j.id = job AND j.due <> '' AND j.asked_by_id = house_user() AND NOT j.site_id = ANY (house_sites('import'));
END $$;

-- Imports whose files and raw cells have had their time, and the names of their sealed files.
CREATE FUNCTION imports_to_purge() RETURNS TABLE (job bigint, names text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT j.id, ARRAY(SELECT f.stored_as::text FROM imports_importfile f WHERE f.job_id = j.id AND f.stored_as <> '')
    FROM imports_importjob j
    WHERE j.purged_at IS NULL AND j.purge_on <= (house_now() AT TIME ZONE 'Europe/Brussels')::date;
END $$;

-- Destroy what was staged of an import whose time is over, and the keys that open it. Of a committed one the understood
-- values stay, where their place is still to come; of any other nothing does.
CREATE FUNCTION imports_destroy(job bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    today CONSTANT date := (house_now() AT TIME ZONE 'Europe/Brussels')::date;
    how CONSTANT text := (SELECT state FROM imports_importjob WHERE id = job AND purge_on <= today);
BEGIN
    IF how = 'committed' THEN
        UPDATE imports_problem SET sealed = NULL WHERE row_id IN (SELECT id FROM imports_stagedrow WHERE job_id = job);
        UPDATE imports_stagedrow SET raw = NULL WHERE job_id = job;
    ELSIF how IS NOT NULL THEN
        DELETE FROM imports_likeness WHERE staged_id IN (SELECT id FROM imports_stagedperson WHERE job_id = job);
        DELETE FROM imports_stagedsecret
        WHERE record_id IN (SELECT id FROM imports_stagedrecord WHERE job_id = job);
        DELETE FROM imports_stagedrecord WHERE job_id = job;
        DELETE FROM imports_problem WHERE row_id IN (SELECT id FROM imports_stagedrow WHERE job_id = job);
        DELETE FROM imports_stagedrow WHERE job_id = job;
        DELETE FROM imports_stagedperson WHERE job_id = job;
    ELSE
        RETURN;
    END IF;
    UPDATE imports_importfile SET samples = NULL, fixes = NULL, stored_as = '' WHERE job_id = job;
    UPDATE imports_importjob
    SET purged_at = house_now(), raw_key = NULL, kept_key = CASE WHEN how = 'committed' THEN kept_key END
    WHERE id = job;
END $$;
