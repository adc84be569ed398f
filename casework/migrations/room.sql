-- How much a case file holds and its site has sent on a day, counted whole: limits hold for what one may not see, too.
CREATE FUNCTION casework_room(file bigint, day date) RETURNS TABLE (documents bigint, sent bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT
        (SELECT count(*) FROM casework_document d WHERE d.case_file_id = file),
        (
            SELECT COALESCE(sum(d.size), 0)::bigint
            FROM casework_document d JOIN casework_casefile f ON f.id = d.case_file_id
            WHERE f.site_id = (SELECT own.site_id FROM casework_casefile own WHERE own.id = file)
                AND (d.uploaded_at AT TIME ZONE 'Europe/Brussels')::date = day
        );
END $$;

-- Which of these sealed files no document names: an upload that was rolled back left them.
CREATE FUNCTION casework_orphans(names text[]) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT n FROM unnest(names) AS n WHERE NOT EXISTS (SELECT FROM casework_document d WHERE d.stored_as = n);
END $$;
