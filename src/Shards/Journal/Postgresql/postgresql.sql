-- The tables of AkkaJoin in PostgreSQL (14 or later), version 1. akkajoin makes them at its first start; where its user may not create
-- tables, run this once as the owner, in the schema that akkajoin.postgresql.schema names:
--   psql -1 -v ON_ERROR_STOP=1 -c 'SET search_path = public' -f postgresql.sql
-- and grant akkajoin's user SELECT, INSERT, UPDATE, DELETE on the six tables, and USAGE on the schema.

-- The events of the key groups. Neither of the indexes on created and sequence_number that Akka.Persistence.Sql would make: nothing reads
-- them, and the planner would take the second one for replay.
CREATE TABLE journal (
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

CREATE TABLE tags (
    ordering_id BIGINT NOT NULL,
    tag VARCHAR(64) NOT NULL,
    sequence_nr BIGINT NOT NULL,
    persistence_id VARCHAR(255) NOT NULL,
    PRIMARY KEY (ordering_id, tag));

CREATE TABLE snapshot (
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
CREATE TABLE snapshot_chunk (
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

-- The fence: an event is written only if its number is one above the highest of its id, so of two incarnations of a key group one stops,
-- even when the journal before a snapshot is deleted (its newest row never is). The lock makes the second writer wait for the first
-- one's commit; the query after it has a snapshot of its own and sees that commit, but only in READ COMMITTED. An event that the
-- server would acknowledge before it is on disk is refused too: its rows may be out, and its number given again, when it is lost.
CREATE FUNCTION akkajoin_journal_fence() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    newest BIGINT;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'akkajoin fence: the transaction is %, it must be read committed', current_setting('transaction_isolation');
    END IF;
    IF current_setting('synchronous_commit') = 'off' THEN
        RAISE EXCEPTION 'akkajoin fence: synchronous_commit is off, it must not be';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.persistence_id, TG_RELID::BIGINT));
    SELECT MAX(sequence_number) INTO newest FROM journal WHERE persistence_id = NEW.persistence_id;
    IF NEW.sequence_number <> COALESCE(newest, 0) + 1 THEN
        RAISE EXCEPTION 'akkajoin fence: the event is not one above the newest of its key group';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER journal_fence BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION akkajoin_journal_fence();

-- What is known of each join beside its events, and, of the join '', the version of these tables.
CREATE TABLE akkajoin_join (
    join_name TEXT NOT NULL,
    name TEXT NOT NULL,
    value BYTEA NOT NULL,
    PRIMARY KEY (join_name, name));

-- One cluster per journal: the row of the cluster that has it, renewed by its members, by this server's clock.
CREATE TABLE akkajoin_cluster (
    one BOOLEAN NOT NULL DEFAULT TRUE PRIMARY KEY CHECK (one),
    cluster_id TEXT NOT NULL,
    holder TEXT NOT NULL,
    renewed_at TIMESTAMPTZ NOT NULL,
    ttl INTERVAL NOT NULL);

INSERT INTO akkajoin_join VALUES ('', 'schema-version', '1');
