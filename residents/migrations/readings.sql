-- What may be read of the record, and what it gives cause to ask about (C5, C7). The application reads entries no other way.

-- The sites where a person stays, stayed or waits, or was first registered.
CREATE FUNCTION residents_sites_of(whom bigint) RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT array_agg(site_id) FROM (
        SELECT registered_at_id AS site_id FROM residents_person WHERE id = whom
        UNION SELECT site_id FROM residents_stay WHERE person_id = whom
        UNION SELECT site_id FROM residents_intakerequest WHERE person_id = whom
    ) AS known
$$;

-- A person's access log, for who answers for the file: by role at a site where the person is known, or as key worker.
-- Anybody else is refused, whatever the page forgot.
CREATE FUNCTION residents_access_log(whom bigint, since timestamptz, until timestamptz, of_class text)
RETURNS TABLE (id bigint, at timestamptz, reader text, info_class text, action text, page text, purpose text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    IF NOT (
        residents_sites_of(whom) && house_sites('see_access_log') OR whom = ANY (house_assigned('see_access_log'))
    ) THEN
        RAISE insufficient_privilege USING MESSAGE = 'this access log is not yours to read';
    END IF;
    RETURN QUERY
    SELECT e.id, e.at, COALESCE(u.name, '')::text, e.info_class::text, e.action::text, e.page::text, e.purpose::text
    FROM audit_entry e LEFT JOIN accounts_user u ON u.id = e.user_id
    WHERE e.persons @> ARRAY[whom]
    AND (since IS NULL OR e.at >= since) AND (until IS NULL OR e.at < until)
    AND (of_class IS NULL OR e.info_class = of_class)
    ORDER BY e.id DESC;
END $$;

-- Note the readings from ``since`` on that ask for an explanation, and answer to whom new ones are to be told. Doing it again
-- notes nothing twice.
CREATE FUNCTION residents_note_readings(
    since date, confided text[], files_an_hour integer, night_from integer, night_until integer
)
RETURNS TABLE (email text, language text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    today CONSTANT date := (now() AT TIME ZONE 'Europe/Brussels')::date;
    marks CONSTANT text := '[\u0300-\u036f]';
    told bigint[];
BEGIN
    WITH opened AS MATERIALIZED (
        SELECT e.at, (e.at AT TIME ZONE 'Europe/Brussels')::date AS day, extract(hour FROM e.at AT TIME ZONE 'Europe/Brussels') AS hour,
            e.user_id, e.info_class, p.id AS person_id, p.search_name,
            COALESCE(
                (SELECT s.site_id FROM residents_stay s WHERE s.person_id = p.id ORDER BY s.arrived_on DESC, s.id DESC LIMIT 1),
                p.registered_at_id
            ) AS site_id
        FROM audit_entry e CROSS JOIN LATERAL unnest(e.persons) AS named (id) JOIN residents_person p ON p.id = named.id
        WHERE e.at >= since::timestamp AT TIME ZONE 'Europe/Brussels' AND e.user_id IS NOT NULL
        AND e.action IN ('open', 'print', 'export', 'download')
        AND (e.action = 'open' OR e.info_class = ANY (confided))
        AND (e.info_class = 'identity' OR e.info_class = ANY (confided))
    ),
    staff AS (
        SELECT u.id, w.words, w.words[cardinality(w.words)] AS family
        FROM accounts_user u
        CROSS JOIN LATERAL regexp_split_to_array(
            btrim(regexp_replace(regexp_replace(normalize(lower(u.name), NFD), marks, '', 'g'), '[^a-z0-9]+', ' ', 'g')), ' '
        ) AS w (words)
    ),
    noticed AS (
        -- Confided, and not theirs to follow; or the file of somebody who is neither theirs nor housed or waiting with them.
        SELECT 'unassigned' AS kind, o.user_id, o.person_id, o.site_id, o.day, min(o.at) AS first_at, count(*) AS times
        FROM opened o
        WHERE NOT EXISTS (
            SELECT FROM residents_keyworker k WHERE k.user_id = o.user_id AND k.person_id = o.person_id
            AND k.starts_on <= o.day AND (k.ends_on IS NULL OR k.ends_on >= o.day)
        )
        AND (
            o.info_class = ANY (confided)
            OR NOT EXISTS (
                SELECT FROM accounts_membership m
                WHERE m.user_id = o.user_id AND m.starts_on <= o.day AND (m.ends_on IS NULL OR m.ends_on > o.day)
                AND (
                    EXISTS (
                        SELECT FROM residents_stay s WHERE s.person_id = o.person_id AND s.site_id = m.site_id
                        AND (s.left_on IS NULL OR s.left_on >= o.day)
                    )
                    OR EXISTS (
                        SELECT FROM residents_intakerequest r WHERE r.person_id = o.person_id AND r.site_id = m.site_id
                        AND (r.decided_on IS NULL OR r.decided_on >= o.day)
                    )
                )
            )
        )
        GROUP BY o.user_id, o.person_id, o.site_id, o.day
        UNION ALL
        SELECT 'relative', o.user_id, o.person_id, o.site_id, o.day, min(o.at), count(*)
        FROM opened o JOIN staff ON staff.id = o.user_id
        WHERE length(staff.family) > 2 AND staff.family = ANY (string_to_array(o.search_name, ' '))
        GROUP BY o.user_id, o.person_id, o.site_id, o.day
        UNION ALL
        SELECT 'colleague', o.user_id, o.person_id, o.site_id, o.day, min(o.at), count(DISTINCT o.at)
        FROM opened o
        JOIN staff ON staff.id <> o.user_id AND cardinality(staff.words) > 1
            AND staff.words <@ string_to_array(o.search_name, ' ')
        GROUP BY o.user_id, o.person_id, o.site_id, o.day
        UNION ALL
        SELECT 'night', o.user_id, o.person_id, o.site_id, o.day, min(o.at), count(*)
        FROM opened o
        WHERE o.info_class = ANY (confided) AND (o.hour >= night_from OR o.hour < night_until)
        GROUP BY o.user_id, o.person_id, o.site_id, o.day
        UNION ALL
        SELECT 'bulk', o.user_id, NULL, m.site_id, o.day, min(o.at), max(hour_before.files)
        FROM opened o
        CROSS JOIN LATERAL (
            SELECT count(DISTINCT b.person_id) AS files FROM opened b
            WHERE b.user_id = o.user_id AND b.at > o.at - interval '1 hour' AND b.at <= o.at
        ) AS hour_before
        JOIN accounts_membership m ON m.user_id = o.user_id AND m.site_id IS NOT NULL
            AND m.starts_on <= o.day AND (m.ends_on IS NULL OR m.ends_on > o.day)
        WHERE hour_before.files > files_an_hour
        GROUP BY o.user_id, m.site_id, o.day
    ),
    noted AS (
        INSERT INTO residents_readingalert (kind, user_id, person_id, site_id, day, first_at, times)
        SELECT kind, user_id, person_id, site_id, day, first_at, times FROM noticed
        ON CONFLICT ON CONSTRAINT reading_alert_once DO UPDATE SET times = EXCLUDED.times
        RETURNING site_id, xmax = 0 AS is_new
    )
    SELECT array_agg(DISTINCT site_id) INTO told FROM noted WHERE is_new;

    RETURN QUERY
    SELECT DISTINCT u.email::text, u.language::text
    FROM accounts_user u JOIN accounts_membership m ON m.user_id = u.id
    JOIN accounts_policygrant g ON g.role = m.role AND g.action = 'see_readings' AND NOT g.assigned_only
    WHERE u.is_active AND m.site_id = ANY (told) AND m.starts_on <= today AND (m.ends_on IS NULL OR m.ends_on > today);
END $$;

REVOKE EXECUTE ON FUNCTION residents_sites_of, residents_access_log, residents_note_readings FROM PUBLIC;
