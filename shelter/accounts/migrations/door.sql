-- Who comes in, before anybody acts: signing in, taking a passphrase anew, accepting an invitation.
--
-- The database shows whoever stands at the door their own account and lets them open a session, until the transaction
-- ends. It shows nobody else's, and nothing but that.

CREATE FUNCTION house_door() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('maisonnee.door', true), '')::bigint;

-- Somebody says that this address is theirs: what they prove is asked next.
CREATE FUNCTION accounts_knock(address text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM set_config(
        'maisonnee.door', COALESCE((SELECT u.id::text FROM accounts_user u WHERE lower(u.email) = lower(address)), ''), true
    );
END $$;

-- The account that a session names, at the beginning of each request: one statement, outside any scope.
CREATE FUNCTION accounts_of_session(whom bigint) RETURNS SETOF accounts_user
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT u.* FROM accounts_user u WHERE u.id = whom;
END $$;

-- The address that an invitation was sent to, for whoever holds its link.
CREATE FUNCTION house_invited_address() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN (SELECT lower(i.email) FROM accounts_invitation i WHERE i.token_digest = house_invitation());
END $$;

-- Whose names the acting user may read: who works or worked in an organisation where they work, and who keeps the whole
-- house. The history of memberships knows those too whose role was taken back on the day it was given.
CREATE FUNCTION house_colleagues() RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM house_memberships() m WHERE m.site_id IS NULL) THEN
        RETURN ARRAY(SELECT u.id FROM accounts_user u);
    ELSIF NOT EXISTS (SELECT FROM house_memberships()) THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY(
        WITH ours AS (
            SELECT s.id FROM sites_site s WHERE s.organisation_id IN (
                SELECT own.organisation_id FROM house_memberships() m JOIN sites_site own ON own.id = m.site_id
            )
        )
        SELECT m.user_id FROM accounts_membership m WHERE m.site_id IS NULL OR m.site_id IN (SELECT id FROM ours)
        UNION
        SELECT e.user_id FROM accounts_membershipevent e WHERE e.site_id IN (SELECT id FROM ours)
    );
END $$;

-- Whose account the acting user looks after: who has or had a role where they keep the team.
CREATE FUNCTION house_team() RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF house_everywhere('manage_team') THEN
        RETURN ARRAY(SELECT u.id FROM accounts_user u);
    END IF;
    RETURN ARRAY(SELECT DISTINCT m.user_id FROM accounts_membership m WHERE m.site_id = ANY (house_sites('manage_team')));
END $$;

-- What the beat does, acting for nobody. Whoever has no role any more is signed out everywhere.
CREATE FUNCTION accounts_sign_out_leavers() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    leavers CONSTANT bigint[] := ARRAY(
        SELECT DISTINCT s.user_id FROM accounts_usersession s WHERE NOT accounts_may_come_in(s.user_id)
    );
BEGIN
    UPDATE accounts_user SET session_generation = session_generation + 1 WHERE id = ANY (leavers);
    DELETE FROM accounts_usersession WHERE user_id = ANY (leavers);
END $$;

-- Accounts that nobody used since then open nothing any more.
CREATE FUNCTION accounts_suspend_unused(since timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE accounts_user SET is_active = false
    WHERE is_active AND opened_at < since AND (last_login IS NULL OR last_login < since);
END $$;

-- Sessions that nobody ended and that are too old to open anything.
CREATE FUNCTION accounts_forget_sessions(older_than timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM accounts_usersession WHERE started_at < older_than;
END $$;
