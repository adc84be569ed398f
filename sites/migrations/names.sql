-- What the organisations and sites of the house are called, for a passphrase that must not contain it.
CREATE FUNCTION sites_names() RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT name::text FROM sites_organisation UNION SELECT name FROM sites_site UNION SELECT name FROM sites_sitealias;
END $$;
