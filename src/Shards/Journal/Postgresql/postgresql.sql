-- The tables of AkkaJoin in PostgreSQL (14 or later), version 1. akkajoin makes them at its first start; where its user may not create
-- tables, run this once as the owner, and again after an upgrade whose notes say so (what is there stays), in the schema that
-- akkajoin.postgresql.schema names:
--   psql -1 -v ON_ERROR_STOP=1 -c 'SET search_path = public' -f postgresql.sql
-- and grant akkajoin's user SELECT, INSERT, UPDATE, DELETE on the six tables, and USAGE on the schema.

-- The events of the key groups. Neither of the indexes on created and sequence_number that Akka.Persistence.Sql would make: nothing reads
-- them, and the planner would take the second one for replay.
CREATE TABLE IF NOT EXISTS journal (
    ordering BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY CONSTRAINT journal_pkey PRIMARY KEY,
    created BIGINT NOT NULL,
    deleted BOOLEAN NOT NULL,
    persistence_id VARCHAR(255) NOT NULL,
    sequence_number BIGINT NOT NULL,
    message BYTEA NOT NULL,
    manifest VARCHAR(500) NULL,
    identifier INTEGER NULL,
    writer_uuid VARCHAR(128) NULL,
    CONSTRAINT journal_uq UNIQUE (persistence_id, sequence_number));

-- Events and snapshots are large and soon deleted. Compression costs four times the write; dead rows must be found again soon.
ALTER TABLE journal ALTER COLUMN message SET STORAGE EXTERNAL;
ALTER TABLE journal SET (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0, vacuum_truncate = false,
    toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 20000, toast.autovacuum_vacuum_cost_delay = 0,
    toast.vacuum_truncate = false);

CREATE TABLE IF NOT EXISTS tags (
    ordering_id BIGINT NOT NULL,
    tag VARCHAR(64) NOT NULL,
    sequence_nr BIGINT NOT NULL,
    persistence_id VARCHAR(255) NOT NULL,
    PRIMARY KEY (ordering_id, tag));

CREATE TABLE IF NOT EXISTS snapshot (
    persistence_id VARCHAR(255) NOT NULL,
    sequence_number BIGINT NOT NULL,
    created BIGINT NOT NULL,
    snapshot BYTEA NULL,
    manifest VARCHAR(500) NULL,
    serializer_id INTEGER NULL,
    PRIMARY KEY (persistence_id, sequence_number));

ALTER TABLE snapshot ALTER COLUMN snapshot SET STORAGE EXTERNAL;
ALTER TABLE snapshot SET (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_cost_delay = 0, vacuum_truncate = false,
    toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 20000, toast.autovacuum_vacuum_cost_delay = 0,
    toast.vacuum_truncate = false);

-- The chunks of snapshots; the row in the table snapshot is written after the last of them, and makes them one.
CREATE TABLE IF NOT EXISTS snapshot_chunk (
    persistence_id VARCHAR(255) NOT NULL,
    sequence_number BIGINT NOT NULL,
    number INTEGER NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (persistence_id, sequence_number, number));

ALTER TABLE snapshot_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE snapshot_chunk SET (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_cost_delay = 0, vacuum_truncate = false,
    toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 20000, toast.autovacuum_vacuum_cost_delay = 0,
    toast.vacuum_truncate = false);

-- What is known of each join beside its events, and, of the join '', the version of these tables.
CREATE TABLE IF NOT EXISTS akkajoin_join (
    join_name TEXT NOT NULL,
    name TEXT NOT NULL,
    value BYTEA NOT NULL,
    PRIMARY KEY (join_name, name));

-- One cluster per journal: the row of the cluster that has it, renewed by its members, by this server's clock.
CREATE TABLE IF NOT EXISTS akkajoin_cluster (
    one BOOLEAN NOT NULL DEFAULT TRUE PRIMARY KEY CHECK (one),
    cluster_id TEXT NOT NULL,
    holder TEXT NOT NULL,
    renewed_at TIMESTAMPTZ NOT NULL,
    ttl INTERVAL NOT NULL);

INSERT INTO akkajoin_join VALUES ('', 'schema-version', '1') ON CONFLICT DO NOTHING;

-- The fence: an event is written only if its number is one above the highest of its id, so of two incarnations of a key group one stops,
-- even when the journal before a snapshot is deleted (its newest row never is). The lock makes the second writer wait for the first
-- one's commit; the query after it has a snapshot of its own and sees that commit, but only in READ COMMITTED. An event that the
-- server would acknowledge before it is on disk is refused too: its rows may be out, and its number given again, when it is lost.
-- After a rollback (a copy that was restored, a standby that was promoted) the number alone says too little: a node that was frozen
-- meanwhile would write its n + 1 above another's n. So an event of format 2 names who wrote it (bytes 6 to 13) and who wrote the one
-- before (bytes 14 to 21), and that must be who wrote the newest row. Format 1 does not say.
CREATE OR REPLACE FUNCTION akkajoin_journal_fence() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    newest BIGINT;
    head BYTEA;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'akkajoin fence: the transaction is %, it must be read committed', current_setting('transaction_isolation');
    END IF;
    IF current_setting('synchronous_commit') = 'off' THEN
        RAISE EXCEPTION 'akkajoin fence: synchronous_commit is off, it must not be';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.persistence_id, TG_RELID::BIGINT));
    SELECT sequence_number, substring(message FROM 1 FOR 13) INTO newest, head
        FROM journal WHERE persistence_id = NEW.persistence_id ORDER BY sequence_number DESC LIMIT 1;
    IF NEW.sequence_number <> COALESCE(newest, 0) + 1 THEN
        RAISE EXCEPTION 'akkajoin fence: the event is not one above the newest of its key group';
    END IF;
    IF substring(NEW.message FROM 1 FOR 1) >= '\x02'::BYTEA AND substring(head FROM 1 FOR 1) >= '\x02'::BYTEA
        AND substring(head FROM 6 FOR 8) <> substring(NEW.message FROM 14 FOR 8) THEN
        RAISE EXCEPTION 'akkajoin fence: the event does not follow the newest of its key group, which another incarnation wrote';
    END IF;
    RETURN NEW;
END;
$$;

CREATE OR REPLACE TRIGGER journal_fence BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION akkajoin_journal_fence();

-- What such a node has captured before the rollback, or would delete behind it, is of another past. A snapshot that names who wrote its
-- event (bytes 2 to 9, from version 3 on) is taken only while that very event is in the journal, and each of its chunks (their number is in
-- bytes 10 to 13): those that were written before the rollback are lost.
CREATE OR REPLACE FUNCTION akkajoin_snapshot_fence() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    head BYTEA;
    chunks BIGINT;
BEGIN
    IF substring(NEW.snapshot FROM 1 FOR 1) >= '\x03'::BYTEA THEN
        SELECT substring(message FROM 1 FOR 13) INTO head
            FROM journal WHERE persistence_id = NEW.persistence_id AND sequence_number = NEW.sequence_number;
        IF head IS NULL OR (substring(head FROM 1 FOR 1) >= '\x02'::BYTEA AND substring(head FROM 6 FOR 8) <> substring(NEW.snapshot FROM 2 FOR 8)) THEN
            RAISE EXCEPTION 'akkajoin fence: the snapshot is of an event that is not in the journal';
        END IF;
        chunks := get_byte(NEW.snapshot, 9) + 256 * (get_byte(NEW.snapshot, 10) + 256 * (get_byte(NEW.snapshot, 11) + 256 * get_byte(NEW.snapshot, 12)::BIGINT));
        IF chunks <> 0 AND chunks <> (
            SELECT COUNT(*) FROM snapshot_chunk
            WHERE persistence_id = NEW.persistence_id AND sequence_number = NEW.sequence_number AND number < chunks) THEN
            RAISE EXCEPTION 'akkajoin fence: the snapshot lacks some of its chunks';
        END IF;
    END IF;
    RETURN NEW;
END;
$$;

CREATE OR REPLACE TRIGGER snapshot_fence BEFORE INSERT OR UPDATE ON snapshot FOR EACH ROW EXECUTE FUNCTION akkajoin_snapshot_fence();

-- And nothing is deleted but what lies behind a newer snapshot. Whoever means to remove a join by hand says
-- SET session_replication_role = replica first.
CREATE OR REPLACE FUNCTION akkajoin_deletion_fence() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM (SELECT persistence_id, MAX(sequence_number) AS newest FROM gone GROUP BY persistence_id) AS g
        WHERE NOT EXISTS (SELECT 1 FROM snapshot AS s WHERE s.persistence_id = g.persistence_id AND s.sequence_number > g.newest)) THEN
        RAISE EXCEPTION 'akkajoin fence: what is to be deleted of % lies behind no newer snapshot', TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END;
$$;

CREATE OR REPLACE TRIGGER journal_deletion_fence AFTER DELETE ON journal REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION akkajoin_deletion_fence();
CREATE OR REPLACE TRIGGER snapshot_deletion_fence AFTER DELETE ON snapshot REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION akkajoin_deletion_fence();
CREATE OR REPLACE TRIGGER snapshot_chunk_deletion_fence AFTER DELETE ON snapshot_chunk REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION akkajoin_deletion_fence();
