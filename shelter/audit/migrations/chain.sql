-- The hash chain over the record and over every history (C6). See docs/decisions/0042.
--
-- A seal closes over rows by their keys, not by a time or a number range: who commits late with a lower key is caught by
-- the next seal. Only keys below the mark of a *settled* seal are final: one whose every transaction of the time is over.

-- The key of a journal: its primary key's only column.
CREATE FUNCTION audit_key(journal regclass) RETURNS name LANGUAGE sql STABLE AS $$
    SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indrelid = journal AND i.indisprimary
$$;

-- How many of these rows there are, and a digest of them in the order of their keys. The settings fix how values are written.
CREATE FUNCTION audit_digest(journal regclass, columns text[], keys int8multirange, OUT count bigint, OUT digest bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET timezone = 'UTC'
SET datestyle = 'ISO, YMD'
SET intervalstyle = 'postgres'
SET bytea_output = 'hex'
SET extra_float_digits = 1
AS $$
DECLARE
    key CONSTANT name := audit_key(journal);
    list CONSTANT text := (SELECT string_agg(format('t.%I', c), ', ' ORDER BY n) FROM unnest(columns) WITH ORDINALITY AS u (c, n));
BEGIN
    EXECUTE format(
        'SELECT count(*), sha256(COALESCE(string_agg(sha256(convert_to(ROW(%1$s)::text, ''UTF8'')), '''' ORDER BY t.%2$I), ''''))'
        ' FROM %3$s t WHERE t.%2$I >= lower($1) AND t.%2$I < upper($1) AND t.%2$I::bigint <@ $1',
        list, key, journal
    ) USING keys INTO count, digest;
END $$;

-- The hash of a seal, from the one before and from what its segments say.
CREATE FUNCTION audit_hash(previous bytea, number bigint, closed_at timestamptz, horizon bigint) RETURNS bytea
LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT sha256(COALESCE(previous, '') || convert_to(
        concat_ws(
            E'\n', number, extract(epoch FROM closed_at), horizon,
            (
                SELECT string_agg(concat_ws(' ', s.journal, s.columns::text, s.keys, s.count, encode(s.digest, 'hex'), s.upto),
                    E'\n' ORDER BY s.journal COLLATE "C")
                FROM audit_segment s WHERE s.seal_id = audit_hash.number
            )
        ), 'UTF8'))
$$;

-- The last seal none of whose transactions can still bring a row. A minute more, for a key is drawn before its
-- transaction is numbered.
CREATE FUNCTION audit_settled() RETURNS bigint LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT COALESCE((
        SELECT number FROM audit_seal
        WHERE horizon <= pg_snapshot_xmin(pg_current_snapshot())::text::bigint
            AND closed_at < clock_timestamp() - interval '1 minute'
        ORDER BY number DESC LIMIT 1
    ), 0)
$$;

-- The mark below which every key of the journal is sealed, as of that seal.
CREATE FUNCTION audit_mark(of_journal text, settled bigint) RETURNS bigint LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
    SELECT COALESCE((
        SELECT upto FROM audit_segment WHERE journal = of_journal AND seal_id <= settled ORDER BY seal_id DESC LIMIT 1
    ), 0)
$$;

-- The tables under seal: those that carry the guard.
CREATE FUNCTION audit_journals() RETURNS SETOF regclass LANGUAGE sql STABLE AS $$
    SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'append_only' ORDER BY tgrelid::regclass::text COLLATE "C"
$$;

-- Close over what was committed since. Answers the seal's number, or NULL when there was nothing.
CREATE FUNCTION audit_seal() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    settled bigint;
    last record;
    this bigint;
    moment CONSTANT timestamptz := clock_timestamp();
    border bigint;
    place regclass;
    mark bigint;
    columns text[];
    done int8multirange;
    fresh int8multirange;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_seal'));
    settled := audit_settled();
    SELECT number, hash INTO last FROM audit_seal ORDER BY number DESC LIMIT 1;
    this := COALESCE(last.number, 0) + 1;
    FOR place IN SELECT * FROM audit_journals() LOOP
        mark := audit_mark(place::text, settled);
        SELECT COALESCE(range_agg(s.keys::int8multirange), '{}') INTO done
        FROM audit_segment s WHERE s.journal = place::text AND s.seal_id > settled;
        EXECUTE format(
            'SELECT range_agg(int8range(%1$I::bigint, %1$I::bigint, ''[]'')) FROM %2$s WHERE %1$I > $1 AND NOT %1$I::bigint <@ $2',
            audit_key(place), place
        ) USING mark, done INTO fresh;
        CONTINUE WHEN fresh IS NULL;
        columns := ARRAY(
            SELECT attname FROM pg_attribute WHERE attrelid = place AND attnum > 0 AND NOT attisdropped ORDER BY attnum
        );
        INSERT INTO audit_segment (seal_id, journal, columns, keys, count, digest, upto)
        SELECT this, place::text, columns, fresh, d.count, d.digest,
            greatest(upper(fresh) - 1, audit_mark(place::text, this))
        FROM audit_digest(place, columns, fresh) d;
    END LOOP;
    IF NOT EXISTS (SELECT FROM audit_segment WHERE seal_id = this) THEN
        RETURN NULL;
    END IF;
    -- Taken last: whoever drew a key below the marks above has begun by now.
    border := pg_snapshot_xmax(pg_current_snapshot())::text::bigint;
    INSERT INTO audit_seal (number, closed_at, horizon, hash)
    VALUES (this, moment, border, audit_hash(last.hash, this, moment, border));
    RETURN this;
END $$;

-- Everything that is not as it was sealed. ``head``: the last seal published outside the house, to find a cut tail.
CREATE FUNCTION audit_verify(head_number bigint DEFAULT NULL, head_hash bytea DEFAULT NULL)
RETURNS TABLE (seal bigint, journal text, finding text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    settled CONSTANT bigint := audit_settled();
    one record;
    part record;
    now_there record;
    previous bytea;
    expected bigint := 1;
    place regclass;
    others int8multirange;
BEGIN
    FOR one IN SELECT * FROM audit_seal ORDER BY number LOOP
        IF one.number <> expected THEN
            RETURN QUERY SELECT expected, ''::text, 'gap'::text;
        END IF;
        IF one.hash <> audit_hash(previous, one.number, one.closed_at, one.horizon) THEN
            RETURN QUERY SELECT one.number, ''::text, 'chain'::text;
        END IF;
        previous := one.hash;
        expected := one.number + 1;
        FOR part IN SELECT * FROM audit_segment s WHERE s.seal_id = one.number ORDER BY s.journal LOOP
            place := to_regclass(part.journal);
            IF place IS NULL OR EXISTS (
                SELECT FROM unnest(part.columns) c WHERE c NOT IN (
                    SELECT attname FROM pg_attribute WHERE attrelid = place AND NOT attisdropped
                )
            ) THEN
                RETURN QUERY SELECT one.number, part.journal::text, 'unreadable'::text;
                CONTINUE;
            END IF;
            SELECT * INTO now_there FROM audit_digest(place, part.columns, part.keys::int8multirange);
            IF now_there.count = 0 AND part.journal = 'audit_entry' AND one.closed_at < now() - interval '2 years' THEN
                CONTINUE;  -- retired
            ELSIF now_there.count < part.count THEN
                RETURN QUERY SELECT one.number, part.journal::text, 'missing'::text;
            ELSIF now_there.digest <> part.digest THEN
                RETURN QUERY SELECT one.number, part.journal::text, 'changed'::text;
            END IF;
        END LOOP;
    END LOOP;
    IF head_number IS NOT NULL AND NOT EXISTS (SELECT FROM audit_seal WHERE number = head_number AND hash = head_hash) THEN
        RETURN QUERY SELECT head_number, ''::text, 'cut'::text;
    END IF;
    FOR place IN SELECT * FROM audit_journals() LOOP
        SELECT COALESCE(range_agg(s.keys::int8multirange), '{}') INTO others FROM audit_segment s WHERE s.journal = place::text;
        RETURN QUERY EXECUTE format(
            'SELECT NULL::bigint, %1$L::text, ''inserted''::text FROM %1$s WHERE %2$I <= $1 AND NOT %2$I::bigint <@ $2 LIMIT 1',
            place, audit_key(place)
        ) USING audit_mark(place::text, settled), others;
    END LOOP;
END $$;

-- Remove what is older than two years, by whole sealed segments. Their digests and the hashes stay (C8).
CREATE FUNCTION audit_retire() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    first_key CONSTANT bigint := (SELECT min(id) FROM audit_entry);
    part record;
    gone bigint;
    total bigint := 0;
BEGIN
    FOR part IN
        SELECT s.keys::int8multirange AS keys FROM audit_segment s JOIN audit_seal ON audit_seal.number = s.seal_id
        WHERE s.journal = 'audit_entry' AND audit_seal.closed_at < now() - interval '2 years' AND s.upto >= first_key
    LOOP
        DELETE FROM audit_entry WHERE id >= lower(part.keys) AND id < upper(part.keys) AND id <@ part.keys;
        GET DIAGNOSTICS gone = ROW_COUNT;
        total := total + gone;
    END LOOP;
    RETURN total;
END $$;

REVOKE EXECUTE ON FUNCTION audit_key, audit_digest, audit_hash, audit_settled, audit_mark, audit_journals,
    audit_seal, audit_verify, audit_retire FROM PUBLIC;

CREATE FUNCTION audit_keep_two_years() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.at < now() - interval '2 years' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'append_only';
END $$;

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER keep_two_years BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_keep_two_years();
CREATE TRIGGER chain_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER chain_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_segment
    FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
