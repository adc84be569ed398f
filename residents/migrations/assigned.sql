-- The persons whom the acting user follows, at sites where their role may do one of these actions at least for persons
-- assigned to it.
CREATE FUNCTION house_assigned(VARIADIC actions text[]) RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    today CONSTANT date := (house_now() AT TIME ZONE 'Europe/Brussels')::date;
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT k.person_id
        FROM residents_keyworker k
        JOIN house_memberships() m ON m.site_id = k.site_id
        JOIN accounts_policygrant g ON g.role = m.role AND g.action = ANY (actions)
        WHERE k.user_id = house_user() AND k.starts_on <= today AND (k.ends_on IS NULL OR k.ends_on > today)
    );
END $$;

-- Who supervises what the acting user follows.
CREATE FUNCTION house_supervisors() RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT k.supervisor_id FROM residents_keyworker k
        WHERE k.user_id = house_user() AND k.supervisor_id IS NOT NULL
    );
END $$;
