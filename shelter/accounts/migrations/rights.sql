-- What row-level security asks: who acts, and at which sites they may do what today.
--
-- Policies receive the user and nothing else; these read the memberships and the table of grants themselves. They belong
-- to a role that sees every row, or the policies of the memberships would ask them in a circle. A policy calls them
-- inside a sub-select, so that they run once a statement and not once a row.

CREATE FUNCTION house_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('maisonnee.user', true), '')::bigint;

-- The one clock of these functions; tests set it.
CREATE FUNCTION house_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN now();

-- The memberships of the acting user that count now; no site: the whole house.
CREATE FUNCTION house_memberships() RETURNS TABLE (site_id bigint, role text) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT m.site_id, m.role
    FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id
    WHERE m.user_id = house_user() AND u.is_active
        AND membership_holds(m.starts_on, m.ends_on, m.shift_from, m.shift_until, house_now())
$$;

-- The sites where the user may do one of these actions for anyone. "importing" is no action of the policy table: it adds
-- what an import must see of its organisation while it runs (shelter/imports/migrations/importing.sql).
CREATE FUNCTION house_sites(VARIADIC actions text[]) RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    sites bigint[];
BEGIN
    SELECT array_agg(DISTINCT m.site_id) INTO sites
    FROM house_memberships() m JOIN accounts_policygrant g ON g.role = m.role AND g.action = ANY (actions)
    WHERE NOT g.assigned_only;
    IF array_position(sites, NULL) IS NOT NULL THEN
        RETURN ARRAY(SELECT id FROM sites_site);
    ELSIF 'importing' = ANY (actions) AND current_setting('maisonnee.import', true) <> '' THEN
        sites := sites || house_importing();
    END IF;
    RETURN COALESCE(sites, '{}');
END $$;

-- Whether the user may do one of these actions in the whole house.
CREATE FUNCTION house_everywhere(VARIADIC actions text[]) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM house_memberships() m JOIN accounts_policygrant g ON g.role = m.role AND g.action = ANY (actions)
        WHERE m.site_id IS NULL AND NOT g.assigned_only
    );
END $$;

-- The sites where the user works, whatever their role there.
CREATE FUNCTION house_workplaces() RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN ARRAY(SELECT DISTINCT m.site_id FROM house_memberships() m WHERE m.site_id IS NOT NULL);
END $$;
