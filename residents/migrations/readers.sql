-- Who read what asks for an explanation, for those who look at it: wherever the reader works.
CREATE FUNCTION house_readers() RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT a.user_id FROM residents_readingalert a WHERE a.site_id = ANY (house_sites('see_readings'))
    );
END $$;
