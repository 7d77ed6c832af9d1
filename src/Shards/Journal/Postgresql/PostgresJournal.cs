using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence.Sql.Config;
using AkkaJoin.Shards.Journal.Leases;
using LinqToDB;
using LinqToDB.Data;
using LinqToDB.DataProvider.PostgreSQL;
using Npgsql;

namespace AkkaJoin.Shards.Journal.Postgresql;

/// <summary>
/// The journal of several nodes in a PostgreSQL database. Gives the settings with which Akka.Persistence.Sql writes to
/// it: with COPY, and all events that wait in one transaction.
/// </summary>
sealed class PostgresJournal : JoinJournal
{
    // A version of linq2db's dialects, not of the server: the one in which the ordering column is BIGINT.
    const string Provider = ProviderName.PostgreSQL15;

    readonly PostgresServer _server;

    PostgresJournal(PostgresServer server, JournalLimits limits)
        : base(limits)
    {
        _server = server;
        Lease = new PostgresLease(server);
        Catalog = new PostgresCatalog(server);
        Segments = new PostgresSegments(server);
    }

    /// <inheritdoc/>
    public override string Location => _server.Location;

    /// <inheritdoc/>
    public override string LocationKey => "akkajoin.postgresql.connection-string";

    /// <inheritdoc/>
    public override IBootstrapLease Lease { get; }

    /// <inheritdoc/>
    internal override ISnapshotSegments Segments { get; }

    /// <inheritdoc/>
    protected override IJoinCatalog Catalog { get; }

    /// <summary>Why a text is no connection string, or null. Does not quote it.</summary>
    public static string? Refusal(string connectionString) => PostgresServer.Refusal(connectionString);

    /// <summary>
    /// Opens the journal; waits for a server that is starting, makes the tables where there are none, and checks them.
    /// </summary>
    /// <exception cref="JournalException">It cannot be reached, or is not as needed.</exception>
    public static PostgresJournal Open(PostgresOptions options, JournalLimits? limits = null)
    {
        limits ??= JournalLimits.Default;
        var server = new PostgresServer(options, limits);
        server.RunPatiently("cannot be opened", connection =>
        {
            PostgresDurability.Check(connection, server.Location);
            PostgresSchema.Ensure(connection, options, server.Location);
            CheckThatBothAreOfOneTime(connection, server.Location);
            return true;
        });
        return new PostgresJournal(server, limits);
    }

    /// <summary>
    /// Finds out what <see cref="Open"/> would find: tables that are not there are made, and rolled back.
    /// </summary>
    /// <exception cref="JournalException">A start would be refused.</exception>
    public static JournalProbe Probe(PostgresOptions options)
    {
        var server = new PostgresServer(options, JournalLimits.Default);
        var isThere = server.RunPatiently("cannot be used", connection =>
        {
            PostgresDurability.Check(connection, server.Location);
            if (!PostgresSchema.Try(connection, options, server.Location))
                return false;
            CheckThatBothAreOfOneTime(connection, server.Location);
            return true;
        });
        return new JournalProbe(
            isThere ? new PostgresJournal(server, JournalLimits.Default) : null, server.Location, "akkajoin.postgresql.connection-string");
    }

    /// <summary>Opens the catalog for reading; null where there are no tables.</summary>
    /// <exception cref="JournalException">The server cannot be reached.</exception>
    public static PostgresJournal? OpenForReading(PostgresOptions options)
    {
        var server = new PostgresServer(options, JournalLimits.Default);
        return server.RunPatiently("cannot be read", connection => PostgresSchema.IsThere(connection, options.Schema))
            ? new PostgresJournal(server, JournalLimits.Default)
            : null;
    }

    // The connection string stands in the options alone: a configuration may be logged.
    /// <inheritdoc/>
    public override Config Config() => ConfigurationFactory.ParseString($$"""
        {{JournalPlugins.JournalId}} {
          class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
          plugin-id = "{{JournalPlugins.JournalId}}"
          provider-name = "{{Provider}}"
          connection-string = "Host=not-shown"
          auto-initialize = false
          parallelism = 1
          batch-size = 100
          max-row-by-row-size = 0
          replay-batch-size = 100
          circuit-breaker { max-failures = 10, call-timeout = 30s, reset-timeout = 2s }
          # The plugin writes one writer id per node, so the filter would take a group that moved away and came back for a zombie; the fence
          # lets no zombie write.
          replay-filter { mode = off }
        }
        {{JournalPlugins.SnapshotId}} {
          class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
          plugin-id = "{{JournalPlugins.SnapshotId}}"
          provider-name = "{{Provider}}"
          connection-string = "Host=not-shown"
          auto-initialize = false
          circuit-breaker { max-failures = 10, call-timeout = 30s, reset-timeout = 2s }
        }
        akka.persistence.max-concurrent-recoveries = {{Limits.RecoveriesMax}}
        """).WithFallback(Akka.Persistence.Sql.SqlPersistence.DefaultConfiguration);

    /// <inheritdoc/>
    public override Setup Setup()
    {
        var setup = new MultiDataOptionsSetup();
        var options = new DataOptions().UseConnectionString(Provider, _server.ConnectionString)
            .WithOptions<PostgreSQLOptions>(o => o with { BulkCopyType = BulkCopyType.ProviderSpecific });
        setup.AddDataOptions(JournalPlugins.JournalId, options);
        setup.AddDataOptions(JournalPlugins.SnapshotId, options);
        return setup;
    }

    /// <inheritdoc/>
    internal override IReadOnlyDictionary<string, long> RecoveryBytes()
    {
        // The size of a value that lies apart stands where it would stand: none of them is read.
        const string sizes = """
            SELECT persistence_id, SUM(size)::BIGINT FROM (
                SELECT persistence_id, octet_length(message) AS size FROM journal UNION ALL SELECT persistence_id, octet_length(bytes) FROM snapshot_chunk) AS sizes
            GROUP BY persistence_id
            """;
        return _server.Run("cannot be read", connection =>
        {
            using var command = new NpgsqlCommand(sizes, connection);
            using var reader = command.ExecuteReader();
            return SizesOf(reader);
        });
    }

    // In the row of the catalog that belongs to no join. Of several nodes that start at once one writes it, and all
    // read it.
    /// <inheritdoc/>
    internal override byte[] NodeSecret(Func<byte[]> make)
    {
        if (Catalog.Get("", CatalogNames.NodeSecret) is { } known)
            return known;
        Catalog.TryAdd("", new Dictionary<string, byte[]> { [CatalogNames.NodeSecret] = make() });
        return Catalog.Get("", CatalogNames.NodeSecret)
            ?? throw new JournalException(
                $"the nodes' key could not be written to {Location}: no row of akkajoin_join has the name {CatalogNames.NodeSecret}");
    }

    // Not now(), which is the begin of the transaction. The question is timed without the opening of its connection.
    /// <inheritdoc/>
    private protected override Task AskClockAsync(JoinClock clock, CancellationToken stopping) => _server.RunAsync(
        "cannot be read",
        async connection =>
        {
            await using var command = new NpgsqlCommand("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::BIGINT", connection);
            var asked = clock.Ask();
            var databaseMs = (long)(await command.ExecuteScalarAsync(stopping))!;
            clock.Answered(databaseMs, asked);
            return true;
        },
        stopping);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        using var connection = new NpgsqlConnection(_server.ConnectionString);
        NpgsqlConnection.ClearPool(connection);
    }

    // The journal keeps its newest event, so it is never older than a snapshot, unless one of the tables was restored
    // or emptied alone: then the fence would refuse every event, or an old state would stand under a new join.
    static void CheckThatBothAreOfOneTime(NpgsqlConnection connection, string place)
    {
        const string older = """
            SELECT s.persistence_id, s.newest, (SELECT MAX(sequence_number) FROM journal j WHERE j.persistence_id = s.persistence_id)
            FROM (SELECT persistence_id, MAX(sequence_number) AS newest FROM snapshot GROUP BY persistence_id) s
            WHERE NOT EXISTS (SELECT 1 FROM journal j WHERE j.persistence_id = s.persistence_id AND j.sequence_number >= s.newest) LIMIT 1
            """;
        using var command = new NpgsqlCommand(older, connection);
        using var reader = command.ExecuteReader();
        if (!reader.Read())
            return;
        var newest = reader.IsDBNull(2) ? "has none of its events" : $"ends at event {reader.GetInt64(2)}";
        throw new JournalException(
            $"the table snapshot in {place} holds a snapshot of {reader.GetString(0)} at event {reader.GetInt64(1)}, but the table "
            + $"journal {newest}: they are not of one time. "
            + "Restore the whole database from one backup; or, to start anew, drop akkajoin's tables and use another group-id.");
    }
}
