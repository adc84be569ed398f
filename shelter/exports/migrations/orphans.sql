-- Which of these sealed files no row names: a making that was rolled back left them.
CREATE FUNCTION exports_orphans(names text[]) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT n FROM unnest(names) AS n WHERE NOT EXISTS (SELECT FROM exports_export t WHERE t.stored_as = n);
END $$;
