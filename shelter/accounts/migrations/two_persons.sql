-- Who answers for a role that takes two persons, for those who have to look whether these still may give it.

CREATE FUNCTION house_approved_by() RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN (SELECT i.approved_by_id FROM accounts_invitation i WHERE i.token_digest = house_invitation());
END $$;

CREATE FUNCTION house_proposers() RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT p.proposed_by_id FROM accounts_roleproposal p
        WHERE p.decided_at IS NULL
            AND ((SELECT house_everywhere('manage_team')) OR p.site_id = ANY ((SELECT house_sites('manage_team'))::bigint[]))
    );
END $$;
