-- Who did something, for a history: the name for whoever works or worked at a site with them, or if they keep the whole
-- house; no name for a colleague of another site.
CREATE FUNCTION accounts_named(ids bigint[]) RETURNS TABLE (id bigint, name text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    sites CONSTANT bigint[] := house_workplaces();
BEGIN
    RETURN QUERY
    SELECT u.id, CASE WHEN u.id = house_user()
        OR EXISTS (
            SELECT FROM accounts_membership m WHERE m.user_id = u.id AND (m.site_id IS NULL OR m.site_id = ANY (sites))
        )
        OR EXISTS (SELECT FROM accounts_membershipevent e WHERE e.user_id = u.id AND e.site_id = ANY (sites))
    THEN u.name::text END
    FROM accounts_user u WHERE u.id = ANY (ids);
END $$;
