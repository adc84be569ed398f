-- The sites that know this person and where the acting user may open this class in an emergency.
CREATE FUNCTION residents_sites_to_open(whom bigint, of_class text) RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN ARRAY(
        SELECT unnest(residents_sites_of(whom)) INTERSECT SELECT unnest(house_sites('break_glass_' || of_class))
    );
END $$;
