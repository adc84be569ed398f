-- Whether somebody of this name is known in the organisation, at sites that the acting user does not see (A9d).
--
-- Yes or no, and no more: neither how many, nor who, nor where. Each word must sound like one of the name, all together have
-- two thirds of its letters, and one word alone be the whole name, so that letters cannot be tried one by one. Other
-- organisations are never looked at.
-- A function of its own owner, as the search, whose index it uses.

CREATE FUNCTION residents_known_elsewhere(words text[], sounds text[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    sites CONSTANT bigint[] := house_sites('see_people');
BEGIN
    RETURN EXISTS (
        SELECT FROM residents_person p JOIN residents_person kept ON kept.id = COALESCE(p.merged_into_id, p.id)
        WHERE p.sounds @> residents_known_elsewhere.sounds
            AND cardinality(words) >= LEAST(2, cardinality(string_to_array(p.search_name, ' ')))
            AND length(array_to_string(words, ' ')) * 3 >= length(p.search_name) * 2
            AND p.organisation_id IN (SELECT s.organisation_id FROM sites_site s WHERE s.id = ANY (sites))
            AND kept.registered_at_id <> ALL (sites)
            AND NOT EXISTS (SELECT FROM residents_stay s WHERE s.person_id = kept.id AND s.site_id = ANY (sites))
            AND NOT EXISTS (SELECT FROM residents_intakerequest r WHERE r.person_id = kept.id AND r.site_id = ANY (sites))
    );
END $$;
