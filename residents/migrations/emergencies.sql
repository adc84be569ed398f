-- What an emergency opens of a class: as EMERGENCIES says in shelter/accounts/policy.py.
CREATE FUNCTION house_opened_by(of_class text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE of_class WHEN 'identity' THEN 'see_people' ELSE 'read_' || of_class END;

-- The persons whom the acting user follows, at sites where their role may do one of these actions at least for persons
-- assigned to it; and those whose file they opened for one of them in an emergency, until its hour is over (A7). Asked for
-- "break_glass_…", the latter too: whoever opens a file seals the reason with the person's key.
CREATE OR REPLACE FUNCTION house_assigned(VARIADIC actions text[]) RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    today CONSTANT date := (house_now() AT TIME ZONE 'Europe/Brussels')::date;
BEGIN
    RETURN ARRAY(
        SELECT k.person_id
        FROM residents_keyworker k
        JOIN house_memberships() m ON m.site_id = k.site_id
        JOIN accounts_policygrant g ON g.role = m.role AND g.action = ANY (actions)
        WHERE k.user_id = house_user() AND k.starts_on <= today AND (k.ends_on IS NULL OR k.ends_on > today)
        UNION
        SELECT b.person_id
        FROM residents_breakglass b
        JOIN house_memberships() m ON m.site_id = b.site_id
        JOIN accounts_policygrant g ON g.role = m.role AND g.action = 'break_glass_' || b.of_class AND NOT g.assigned_only
        WHERE b.user_id = house_user() AND b.ends_at > house_now()
            AND b.opened_at < house_now() + interval '1 minute'  -- the clock stands still since the transaction began
            AND (g.action = ANY (actions) OR house_opened_by(b.of_class) = ANY (actions))
    );
END $$;
