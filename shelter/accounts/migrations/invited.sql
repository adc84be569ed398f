-- What an invitation opens for whoever holds its link, and for nobody else.
--
-- The page that the link opens says so for its transaction, by the digest of the token. Then the database shows the
-- invitation, where it leads, and what who sent it may give.

CREATE FUNCTION house_invitation() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('maisonnee.invitation', true), '');

CREATE FUNCTION house_invited_to() RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN (SELECT i.site_id FROM accounts_invitation i WHERE i.token_digest = house_invitation());
END $$;

CREATE FUNCTION house_invited_by() RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN (SELECT i.invited_by_id FROM accounts_invitation i WHERE i.token_digest = house_invitation());
END $$;

-- Give the user the role of the invitation with this digest, once. False: somebody was first, or it is closed.
CREATE FUNCTION accounts_accept(digest text, user_id bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    today CONSTANT date := (house_now() AT TIME ZONE 'Europe/Brussels')::date;
    held accounts_invitation;
BEGIN
    UPDATE accounts_invitation i SET accepted_at = house_now()
    WHERE i.token_digest = digest
        AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > house_now()
    RETURNING i.* INTO held;
    IF held.id IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO accounts_membership (user_id, site_id, role, starts_on, shift_from, shift_until)
    SELECT accounts_accept.user_id, held.site_id, held.role, today, held.shift_from, held.shift_until
    WHERE NOT EXISTS (
        SELECT FROM accounts_membership m
        WHERE m.user_id = accounts_accept.user_id AND m.site_id IS NOT DISTINCT FROM held.site_id AND m.role = held.role
            AND (m.ends_on IS NULL OR m.ends_on > today)
    );
    RETURN true;
END $$;
