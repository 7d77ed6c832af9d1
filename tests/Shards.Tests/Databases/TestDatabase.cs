using System.Globalization;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Journal.Postgresql;
using AkkaJoin.Shards.Journal.Sqlite;
using Microsoft.Data.Sqlite;

namespace AkkaJoin.Shards.Tests.Databases;

/// <summary>A journal in an empty database of its own, and statements beside it.</summary>
sealed class TestDatabase : IDisposable
{
    readonly string? _directory;
    readonly string? _connectionString;

    /// <summary>In SQLite.</summary>
    internal TestDatabase()
    {
        _directory = Directory.CreateTempSubdirectory("akkajoin-journal-").FullName;
        Journal = SqliteJournal.Open(_directory);
    }

    /// <summary>In PostgreSQL.</summary>
    internal TestDatabase(RealPostgres server)
    {
        _connectionString = server.CreateDatabase();
        Journal = PostgresJournal.Open(Options(_connectionString));
    }

    internal JoinJournal Journal { get; }

    /// <summary>Where the files of SQLite are.</summary>
    internal string SqliteDirectory => _directory!;

    /// <summary>The database of PostgreSQL.</summary>
    internal string ConnectionString => _connectionString!;

    internal static TestDatabase Create(DatabaseKind kind, RealPostgres server) => kind == DatabaseKind.Sqlite ? new TestDatabase() : new TestDatabase(server);

    internal static PostgresOptions Options(string connectionString, bool createSchema = true, double connectSeconds = 10) =>
        new(connectionString, "public", createSchema, TimeSpan.FromSeconds(connectSeconds));

    /// <summary>The first column of the first row, or null.</summary>
    internal object? Query(string sql)
    {
        if (_connectionString is not null)
            return RealPostgres.Execute(_connectionString, sql) is var found and not DBNull ? found : null;
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_directory!, "journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is var value and not DBNull ? value : null;
    }

    /// <summary>A number.</summary>
    internal long Execute(string sql) => Convert.ToInt64(Query(sql), CultureInfo.InvariantCulture);

    /// <summary>Writes an event of zeros beside the key group.</summary>
    internal void Insert(string id, long sequence, int bytes = 1)
    {
        var zeros = new string('0', 2 * bytes);
        Query(_connectionString is null
            ? $"INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier) VALUES (0, 0, '{id}', {sequence}, x'{zeros}', 'e1', 1)"
            : $"INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier) VALUES (0, FALSE, '{id}', {sequence}, '\\x{zeros}', 'e1', 1)");
    }

    /// <summary>Takes the fence away.</summary>
    internal void DropFence() =>
        Query(_connectionString is null ? "DROP TRIGGER journal_fence; DROP TRIGGER journal_incarnation_fence" : "DROP TRIGGER journal_fence ON journal");

    /// <summary>Deletes what the fences of PostgreSQL would keep.</summary>
    internal void Delete(string rows) => Query((_connectionString is null ? "" : "SET session_replication_role = replica; ") + "DELETE FROM " + rows);

    /// <summary>Deletes the segments of all snapshots of a key group.</summary>
    internal void DeleteSegments(string id)
    {
        if (_connectionString is null)
            Journal.Segments.DeleteBelow(id, long.MaxValue);
        else
            Delete($"snapshot_chunk WHERE persistence_id = '{id}'");
    }

    public void Dispose()
    {
        Journal.Dispose();
        if (_directory is not null)
            SpinWait.SpinUntil(Deleted, TimeSpan.FromSeconds(5));
    }

    // A write that was under way when the actor system ended may still close its files.
    bool Deleted()
    {
        try
        {
            Directory.Delete(_directory!, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
