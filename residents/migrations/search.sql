-- Looking for a person by a name that someone heard, wrote in haste, or spells as another office does.
--
-- One function finds, judges and restricts, because row-level security would switch off the two indexes it needs. It
-- sees every row and trusts no caller: it asks who acts, and where they may see people.
--
-- words    the folded words of the query
-- keys     for each word, its sound key and those one slip away, the exact one first, parted by spaces
-- Finds files in use; a name that stands in an absorbed file finds the file that was kept.

CREATE OR REPLACE FUNCTION residents_search(words text[], keys text[], at_most integer)
RETURNS TABLE (person_id bigint, score real)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_custom_plan
SET pg_trgm.word_similarity_threshold = 0.45
AS $$
#variable_conflict use_column
DECLARE
    enough CONSTANT integer := 20;  -- with so many hits by sound nobody needs the slower search by letters
    judged CONSTANT integer := 500;  -- of a very common name alone, the first so many are judged
    name CONSTANT text := array_to_string(words, ' ');
    beginning CONSTANT text := '%' || words[cardinality(words)] || '%';
    typing CONSTANT boolean := length(words[cardinality(words)]) >= 3;  -- fewer letters make no trigram
    k1 CONSTANT text[] := string_to_array(keys[1], ' ');
    k2 CONSTANT text[] := COALESCE(string_to_array(keys[2], ' '), k1);
    k3 CONSTANT text[] := COALESCE(string_to_array(keys[3], ' '), k1);
    sites CONSTANT bigint[] := house_sites('see_people');
    found bigint[];
BEGIN
    FOR letters IN 0..1 LOOP
        found := ARRAY(
            SELECT p.id
            FROM residents_person p JOIN residents_person kept ON kept.id = COALESCE(p.merged_into_id, p.id)
            WHERE (
                letters = 0 AND p.sounds && k1 AND p.sounds && k2 AND p.sounds && k3
                OR letters = 0 AND typing AND p.search_name LIKE beginning
                OR letters = 1 AND p.search_name %> name
            )
            AND (
                kept.registered_at_id = ANY (sites)
                OR EXISTS (SELECT 1 FROM residents_stay s WHERE s.person_id = kept.id AND s.site_id = ANY (sites))
                OR EXISTS (
                    SELECT 1 FROM residents_intakerequest r WHERE r.person_id = kept.id AND r.site_id = ANY (sites)
                )
            )
            LIMIT judged
        ) || found;
        EXIT WHEN cardinality(found) >= enough;
    END LOOP;

    RETURN QUERY
    SELECT COALESCE(p.merged_into_id, p.id), max((0.9 * fit.words + 0.1 * similarity(name, p.search_name))::real)
    FROM residents_person p
    CROSS JOIN LATERAL (
        SELECT avg(greatest(
            CASE
                WHEN ' ' || p.search_name || ' ' LIKE '% ' || w.word || ' %' THEN 1
                WHEN ' ' || p.search_name LIKE '% ' || w.word || '%' THEN 0.95
                WHEN p.sounds @> (string_to_array(w.keys, ' '))[1:1] THEN 0.9
                WHEN p.sounds && string_to_array(w.keys, ' ') THEN 0.7
                ELSE 0
            END,
            0.9 * word_similarity(w.word, p.search_name)
        )) AS words
        FROM unnest(residents_search.words, residents_search.keys) AS w (word, keys)
    ) AS fit
    WHERE p.id = ANY (found)
    GROUP BY 1
    HAVING max(fit.words) > 0.4
    ORDER BY 2 DESC, 1
    LIMIT at_most;
END $$;

REVOKE EXECUTE ON FUNCTION residents_search FROM PUBLIC;
