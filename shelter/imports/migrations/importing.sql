-- The sites of the organisation that the import under way is of, if the acting user may import at its site.
-- house_sites adds them where a policy says "importing".
CREATE FUNCTION house_importing() RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN ARRAY(
        SELECT s.id
        FROM imports_importjob j JOIN sites_site own ON own.id = j.site_id JOIN sites_site s USING (organisation_id)
        WHERE j.id = nullif(current_setting('maisonnee.import', true), '')::bigint
            AND j.site_id = ANY (house_sites('import'))
    );
END $$;
