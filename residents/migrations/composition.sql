-- How many of those who sleep at a site on a night are minors, and how many are with family: counts, and no person.
--
-- For those who may know counts and no names, so it sees past row-level security and asks by itself who acts. The page
-- shows its numbers through shelter.counts.discreet.

CREATE FUNCTION residents_composition(site bigint, night date)
RETURNS TABLE (minors bigint, adults bigint, age_unknown bigint, with_family bigint, alone bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH here AS (
        SELECT p.birth_date + interval '18 years' <= night AS of_age,
            count(*) OVER (PARTITION BY p.household_id) > 1 AND p.household_id IS NOT NULL AS in_family
        FROM residents_stay s JOIN residents_person p ON p.id = s.person_id
        WHERE s.site_id = site AND site = ANY ((SELECT house_sites('see_composition'))::bigint[])
            AND s.arrived_on <= night AND (s.left_on IS NULL OR s.left_on > night)
    )
    SELECT count(*) FILTER (WHERE NOT of_age), count(*) FILTER (WHERE of_age), count(*) FILTER (WHERE of_age IS NULL),
        count(*) FILTER (WHERE in_family), count(*) FILTER (WHERE NOT in_family)
    FROM here;
$$;
