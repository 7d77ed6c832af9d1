using Microsoft.Data.Sqlite;

namespace AkkaJoin.Shards.Journal.Sqlite;

/// <summary>
/// The tables of the SQLite files: those of Akka.Persistence.Sql without the indexes that nothing here reads, the
/// fence, and the joins' definitions.
/// </summary>
static class SqliteSchema
{
    /// <summary>The version of the tables.</summary>
    internal const int Version = 1;

    /// <summary>
    /// Once per file, before the first table: the page size cannot change later, and WAL is a property of the file.
    /// </summary>
    internal const string File = "PRAGMA page_size=8192; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;";

    /// <summary>
    /// Per connection. synchronous=FULL: an acknowledged event survives a power cut. A write-ahead log of 16 MB: what a
    /// checkpoint copies within one commit.
    /// </summary>
    internal const string Connection =
        "PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=2000;";

    /// <summary>
    /// The journal. The trigger is the fence: an event is written only if its number is one above the highest of its
    /// id, so of two incarnations of a key group one stops, even when the journal before a snapshot is deleted (its
    /// newest row never is). After a rollback the number alone says too little: A second trigger compares the
    /// incarnation of the predecessor that the event names with the one in the journal, and refuses the event if they
    /// differ (see EventCodec for where they stand; an event of format 1 names none). It is added to older files;
    /// programs that do not know it write under it.
    /// </summary>
    internal const string Journal = """
        CREATE TABLE IF NOT EXISTS journal (
            ordering INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            created INTEGER NOT NULL,
            deleted BIT NOT NULL,
            persistence_id NVARCHAR(255) NOT NULL,
            sequence_number INTEGER NOT NULL,
            message BLOB NOT NULL,
            manifest NVARCHAR(500) NULL,
            identifier INTEGER NULL,
            writer_uuid NVARCHAR(128) NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS journal_uq ON journal (persistence_id, sequence_number);
        CREATE TABLE IF NOT EXISTS tags (
            ordering_id INTEGER NOT NULL, tag NVARCHAR(64) NOT NULL, sequence_nr INTEGER NOT NULL, persistence_id VARCHAR(255) NOT NULL,
            PRIMARY KEY (ordering_id, tag));
        CREATE TRIGGER IF NOT EXISTS journal_fence BEFORE INSERT ON journal
        WHEN NEW.sequence_number <> (
            SELECT COALESCE(MAX(sequence_number), 0) + 1 FROM journal WHERE persistence_id = NEW.persistence_id)
        BEGIN
            SELECT RAISE(ABORT, 'akkajoin fence: the event is not one above the newest of its key group');
        END;
        CREATE TRIGGER IF NOT EXISTS journal_incarnation_fence BEFORE INSERT ON journal
        WHEN substr(NEW.message, 1, 1) >= x'02' AND EXISTS (
            SELECT 1 FROM journal WHERE persistence_id = NEW.persistence_id AND sequence_number = NEW.sequence_number - 1
                AND substr(message, 1, 1) >= x'02' AND substr(message, 6, 8) <> substr(NEW.message, 14, 8))
        BEGIN
            SELECT RAISE(ABORT, 'akkajoin fence: the event does not follow the newest of its key group, which another incarnation wrote');
        END;
        CREATE TABLE IF NOT EXISTS akkajoin_join (
            join_name TEXT NOT NULL, name TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (join_name, name));
        INSERT OR IGNORE INTO akkajoin_join VALUES ('', 'schema-version', CAST('1' AS BLOB));
        """;

    /// <summary>
    /// The snapshots and their segments, in a file of their own: writing a large one would hold up the journal.
    /// </summary>
    internal const string Snapshots = """
        CREATE TABLE IF NOT EXISTS snapshot (
            persistence_id NVARCHAR(255) NOT NULL,
            sequence_number INTEGER NOT NULL,
            created INTEGER NOT NULL,
            snapshot BLOB NULL,
            manifest NVARCHAR(500) NULL,
            serializer_id INTEGER NULL,
            PRIMARY KEY (persistence_id, sequence_number));
        CREATE TABLE IF NOT EXISTS snapshot_chunk (
            persistence_id TEXT NOT NULL,
            sequence_number INTEGER NOT NULL,
            number INTEGER NOT NULL,
            bytes BLOB NOT NULL,
            PRIMARY KEY (persistence_id, sequence_number, number));
        """;

    /// <summary>A connection with what belongs to each.</summary>
    internal static SqliteConnection Connect(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Connection;
        command.ExecuteNonQuery();
        return connection;
    }
}
