-- Whose data an account has seen, by the record (H5): of the persons known at sites where the asker answers for readings. Who was
-- erased since is among them: their stays remain.
CREATE FUNCTION residents_seen_by(reader bigint, since timestamptz, until timestamptz, readings text[])
RETURNS TABLE (person_id bigint, first_at timestamptz, last_at timestamptz, times bigint, classes text[], actions text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    sites CONSTANT bigint[] := house_sites('see_readings');
BEGIN
    IF cardinality(sites) = 0 THEN
        RAISE insufficient_privilege USING MESSAGE = 'what an account has seen is not yours to read';
    END IF;
    RETURN QUERY
    SELECT named.id, min(e.at), max(e.at), count(*),
        array_agg(DISTINCT e.info_class::text), array_agg(DISTINCT e.action::text)
    FROM audit_entry e CROSS JOIN LATERAL unnest(e.persons) AS named (id)
    WHERE e.user_id = reader AND e.at >= since AND e.at < until AND e.action = ANY (readings)
    AND named.id IN (
        SELECT id FROM residents_person WHERE registered_at_id = ANY (sites)
        UNION ALL SELECT s.person_id FROM residents_stay s WHERE s.site_id = ANY (sites)
        UNION ALL SELECT r.person_id FROM residents_intakerequest r WHERE r.site_id = ANY (sites)
    )
    GROUP BY named.id
    ORDER BY max(e.at) DESC, named.id;
END $$;

REVOKE EXECUTE ON FUNCTION residents_seen_by FROM PUBLIC;
