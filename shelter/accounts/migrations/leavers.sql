-- Whether this user has a role now, or an invitation to accept. Asked before anybody is known: who has neither is not let
-- in, and whoever is in is signed out by the beat, which acts for nobody.

CREATE FUNCTION accounts_may_come_in(user_id bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM accounts_membership m
        WHERE m.user_id = accounts_may_come_in.user_id
            AND membership_holds(m.starts_on, m.ends_on, m.shift_from, m.shift_until, house_now())
    ) OR EXISTS (
        SELECT FROM accounts_invitation i JOIN accounts_user u ON lower(u.email) = lower(i.email)
        WHERE u.id = accounts_may_come_in.user_id
            AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > house_now()
    );
END $$;
