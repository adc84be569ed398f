-- Destroy what was staged of an import whose time is over, acting for nobody. Of a committed one the understood values stay,
-- where their place is still to come; of any other nothing does.
CREATE FUNCTION imports_purge(job bigint) RETURNS void
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
    END IF;
END $$;
