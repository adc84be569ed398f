-- Which of these sealed files no row names: an upload that was rolled back left them.
CREATE FUNCTION imports_orphans(names text[]) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT n FROM unnest(names) AS n WHERE NOT EXISTS (SELECT FROM imports_importfile t WHERE t.stored_as = n);
END $$;
