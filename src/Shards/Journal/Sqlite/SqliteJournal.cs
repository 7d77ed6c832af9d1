using System.Globalization;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence.Sql.Config;
using AkkaJoin.Shards.Files;
using AkkaJoin.Shards.Journal.Leases;
using LinqToDB;
using Microsoft.Data.Sqlite;

namespace AkkaJoin.Shards.Journal.Sqlite;

/// <summary>
/// The SQLite journal of one node: a directory with journal.db, snapshots.db and a lock that a second process does not
/// get. Gives the settings with which Akka.Persistence.Sql writes to it, durably to a power cut and in groups.
/// </summary>
sealed class SqliteJournal : JoinJournal
{
    const string JournalFile = "journal.db", SnapshotFile = "snapshots.db", LockFile = "akkajoin.lock", SecretFileName = "node.pem";
    readonly FileStream? _lock;
    readonly string _directory;
    readonly SqliteSegments _segments;

    SqliteJournal(string directory, FileStream? @lock, JournalLimits limits)
        : base(limits)
    {
        _directory = directory;
        _lock = @lock;
        _segments = new SqliteSegments(Path.Combine(directory, SnapshotFile));
        Catalog = new SqliteCatalog(Path.Combine(directory, JournalFile));
    }

    /// <inheritdoc/>
    public override string Location => _directory;

    /// <inheritdoc/>
    public override string LocationKey => "akkajoin.sqlite.directory";

    /// <inheritdoc/>
    public override IBootstrapLease Lease { get; } = new SoleNodeLease();

    /// <inheritdoc/>
    internal override ISnapshotSegments Segments => _segments;

    /// <inheritdoc/>
    protected override IJoinCatalog Catalog { get; }

    /// <summary>Opens the journal in <paramref name="directory"/>, and makes it where there is none.</summary>
    /// <exception cref="JournalException">The directory cannot be used, or another process uses it.</exception>
    public static SqliteJournal Open(string directory, JournalLimits? limits = null)
    {
        directory = Path.GetFullPath(directory);
        FileStream? fileLock = null;
        try
        {
            RefuseFile(directory);
            PrivateFiles.CreateDirectory(directory);
            fileLock = Lock(directory);
            PrivateFiles.Close(directory, JournalFile, SnapshotFile, LockFile);
            Create(Path.Combine(directory, JournalFile), SqliteSchema.Journal);
            Create(Path.Combine(directory, SnapshotFile), SqliteSchema.Snapshots);
            CheckVersion(directory);
            CheckThatBothAreOfOneTime(directory);
            return new SqliteJournal(directory, fileLock, limits ?? JournalLimits.Default);
        }
        catch (JournalException)
        {
            fileLock?.Dispose();
            throw;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException or NotSupportedException)
        {
            fileLock?.Dispose();
            throw new JournalException($"the journal in {directory} cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>
    /// Finds out what <see cref="Open"/> would find. A directory that is not there is not made, but one beside it for a
    /// moment.
    /// </summary>
    /// <exception cref="JournalException">A start would be refused.</exception>
    public static JournalProbe Probe(string directory)
    {
        directory = Path.GetFullPath(directory);
        const string key = "akkajoin.sqlite.directory";
        try
        {
            RefuseFile(directory);
            if (!File.Exists(Path.Combine(directory, JournalFile)))
            {
                TryDirectory(directory);
                return new JournalProbe(null, directory, key);
            }

            var journal = Open(directory);
            TryWrite(directory);
            return new JournalProbe(journal, directory, key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new JournalException(
                $"the journal in {directory} cannot be {(e is SqliteException ? "written" : "made")}: {e.Message} ({key})", e);
        }
    }

    // Where a file is in the way, the system says that a part of the path is missing, or that the file exists already.
    static void RefuseFile(string directory)
    {
        var there = directory;
        while (!Directory.Exists(there) && !File.Exists(there) && Path.GetDirectoryName(there) is { } above)
            there = above;
        if (File.Exists(there))
            throw new JournalException(
                $"the journal in {directory} cannot be made: {there} is a file and no directory (akkajoin.sqlite.directory)");
    }

    // Nobody may write there, or it is full: the attempt tells.
    static void TryDirectory(string directory)
    {
        var there = directory;
        while (!Directory.Exists(there) && Path.GetDirectoryName(there) is { } above)
            there = above;
        var tried = Path.Combine(there, ".akkajoin-check-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(tried);
        Directory.Delete(tried);
    }

    static void TryWrite(string directory)
    {
        using var connection = SqliteSchema.Connect(Path.Combine(directory, JournalFile));
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE; UPDATE akkajoin_join SET value = value WHERE join_name = ''; ROLLBACK;";
        command.ExecuteNonQuery();
    }

    /// <summary>
    /// Opens the catalog of a journal for reading beside the process that uses it; null where there is no journal.
    /// </summary>
    public static SqliteJournal? OpenForReading(string directory)
    {
        directory = Path.GetFullPath(directory);
        return File.Exists(Path.Combine(directory, JournalFile)) ? new SqliteJournal(directory, null, JournalLimits.Default) : null;
    }

    /// <inheritdoc/>
    public override Config Config() => ConfigurationFactory.ParseString(string.Create(CultureInfo.InvariantCulture, $$"""
        {{JournalPlugins.JournalId}} {
          class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
          plugin-id = "{{JournalPlugins.JournalId}}"
          provider-name = "{{ProviderName.SQLiteMS}}"
          connection-string = "{{Escaped(ConnectionString(JournalFile))}}"
          auto-initialize = false
          parallelism = 1
          batch-size = 100
          prefer-parameters-on-multirow-insert = true
          read-isolation-level = read-uncommitted
          replay-batch-size = 100
          circuit-breaker { max-failures = 10, call-timeout = 30s, reset-timeout = 2s }
          # The plugin writes one writer id per node, so the filter would take a group that moved away and came back for a zombie; the fence
          # lets no zombie write.
          replay-filter { mode = off }
        }
        {{JournalPlugins.SnapshotId}} {
          class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
          plugin-id = "{{JournalPlugins.SnapshotId}}"
          provider-name = "{{ProviderName.SQLiteMS}}"
          connection-string = "{{Escaped(ConnectionString(SnapshotFile))}}"
          auto-initialize = false
          read-isolation-level = read-uncommitted
          circuit-breaker { max-failures = 10, call-timeout = 30s, reset-timeout = 2s }
        }
        akka.persistence.max-concurrent-recoveries = {{Limits.RecoveriesMax}}
        """)).WithFallback(Akka.Persistence.Sql.SqlPersistence.DefaultConfiguration);

    /// <inheritdoc/>
    public override Setup Setup()
    {
        var setup = new MultiDataOptionsSetup();
        setup.AddDataOptions(JournalPlugins.JournalId, Options(JournalFile));
        setup.AddDataOptions(JournalPlugins.SnapshotId, Options(SnapshotFile));
        return setup;
    }

    /// <inheritdoc/>
    internal override IReadOnlyDictionary<string, long> RecoveryBytes()
    {
        const string sizes = """
            ATTACH DATABASE $snapshots AS s;
            SELECT persistence_id, SUM(size) FROM (
                SELECT persistence_id, LENGTH(message) AS size FROM main.journal UNION ALL SELECT persistence_id, LENGTH(bytes) FROM s.snapshot_chunk)
            GROUP BY persistence_id;
            """;
        try
        {
            using var connection = SqliteSchema.Connect(Path.Combine(_directory, JournalFile));
            using var command = connection.CreateCommand();
            command.CommandText = sizes;
            command.Parameters.AddWithValue("$snapshots", Path.Combine(_directory, SnapshotFile));
            using var reader = command.ExecuteReader();
            return SizesOf(reader);
        }
        catch (SqliteException e)
        {
            throw new JournalException($"the journal in {_directory} cannot be read: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    internal override byte[] NodeSecret(Func<byte[]> make)
    {
        var file = Path.Combine(_directory, SecretFileName);
        try
        {
            return SecretFile.ReadOrMake(file, make);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"the node's key {file} cannot be read or made: {e.Message}", e);
        }
    }

    // The database has no clock but the machine's, on which its one node runs.
    /// <inheritdoc/>
    private protected override Task AskClockAsync(JoinClock clock, CancellationToken stopping)
    {
        clock.Answered(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), clock.Ask());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _segments.Dispose();
        SqliteConnection.ClearAllPools();
        _lock?.Dispose();
    }

    static FileStream Lock(string directory)
    {
        try
        {
            return new FileStream(Path.Combine(directory, LockFile), PrivateFiles.Options(FileMode.OpenOrCreate, FileShare.None));
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new JournalException(
                $"the journal in {directory} is in use by another akkajoin process. SQLite means one node: stop the other, or give this "
                + "one a directory of its own (akkajoin.sqlite.directory).",
                e);
        }
    }

    // As the system says it: EAGAIN on Linux, EWOULDBLOCK on macOS, a sharing violation on Windows. A full disk is none
    // of them.
    static bool IsHeld(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);

    static void Create(string file, string schema)
    {
        // SQLite's own files beside it get the rights that it has.
        PrivateFiles.CreateFile(file);
        using var connection = SqliteSchema.Connect(file);
        using var command = connection.CreateCommand();
        command.CommandText = SqliteSchema.File + SqliteSchema.Connection + schema;
        command.ExecuteNonQuery();
    }

    static void CheckVersion(string directory)
    {
        using var connection = SqliteSchema.Connect(Path.Combine(directory, JournalFile));
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT CAST(CAST(value AS TEXT) AS INTEGER) FROM akkajoin_join WHERE join_name = '' AND name = 'schema-version'";
        if (command.ExecuteScalar() is long version && version != SqliteSchema.Version)
        {
            throw new JournalException(
                $"the journal in {directory} has tables of version {version}; this program knows version {SqliteSchema.Version}. Another "
                + "release of akkajoin made them: use that one.");
        }
    }

    // The journal keeps its newest event, so it is never older than a snapshot, unless one of the files was restored or
    // deleted alone: then the fence would refuse every event, or an old state would stand under a new join.
    static void CheckThatBothAreOfOneTime(string directory)
    {
        using var connection = SqliteSchema.Connect(Path.Combine(directory, JournalFile));
        using var command = connection.CreateCommand();
        command.CommandText = """
            ATTACH DATABASE $snapshots AS s;
            SELECT persistence_id, MAX(sequence_number),
                (SELECT MAX(j.sequence_number) FROM main.journal j WHERE j.persistence_id = s.snapshot.persistence_id) AS newest
            FROM s.snapshot GROUP BY persistence_id HAVING newest IS NULL OR newest < MAX(sequence_number) LIMIT 1;
            """;
        command.Parameters.AddWithValue("$snapshots", Path.Combine(directory, SnapshotFile));
        using var reader = command.ExecuteReader();
        if (!reader.Read())
            return;
        var newest = reader.IsDBNull(2) ? "has none of its events" : $"ends at event {reader.GetInt64(2)}";
        throw new JournalException(
            $"{SnapshotFile} in {directory} holds a snapshot of {reader.GetString(0)} at event {reader.GetInt64(1)}, but {JournalFile} "
            + $"{newest}: they are not of one time. "
            + $"Restore both from the same backup; or, to start anew, delete {SnapshotFile} too and use another group-id.");
    }

    static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    string ConnectionString(string file) => new SqliteConnectionStringBuilder { DataSource = Path.Combine(_directory, file) }.ToString();

    DataOptions Options(string file) => new DataOptions()
        .UseConnectionString(ProviderName.SQLiteMS, ConnectionString(file))
        .UseInterceptor(new SqliteTuning(SqliteSchema.Connection))
        .UseInterceptor(new SqliteClock());
}
