using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Npgsql;

namespace AkkaJoin.Shards.Journal.Postgresql;

/// <summary>
/// One database of a PostgreSQL server: opens connections, waits for a server that is starting, and tells what went
/// wrong in one line that never holds the password.
/// </summary>
sealed class PostgresServer
{
    // Beside recoveries and snapshots: the write, deletions, the catalog. With the defaults three nodes stay below the
    // server's usual 100 connections.
    const int OtherConnections = 8;
    const int KeepAliveSeconds = 5;

    // The server's own limits, for a client that is frozen within a transaction holds its key groups' locks as long as
    // it is: their new owner could not write. The first ends before a node is given up; the second is the client's own
    // for a statement (0 = none). What Options of the connection string say comes later, and counts.
    const string FrozenClients = "-c idle_in_transaction_session_timeout=10s -c statement_timeout=";

    // A pooled connection of before a restart of the server fails once; the pool then drops the others too.
    const int Attempts = 2;
    static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(250);
    readonly TimeSpan _patience;

    internal PostgresServer(PostgresOptions options, JournalLimits limits)
    {
        _patience = options.ConnectTimeout;
        Location = Describe(options.ConnectionString, options.Schema);
        // a recovery may read a segment while another page is on its way
        ConnectionString = Complete(options, (2 * limits.RecoveriesMax) + limits.SnapshotsMax + OtherConnections);
    }

    /// <summary>Where it is, without user and password.</summary>
    internal string Location { get; }

    /// <summary>With the password, and what the journal needs.</summary>
    internal string ConnectionString { get; }

    /// <summary>
    /// Why a text is no connection string that can be used, or null. Never quotes it: any part may be the password.
    /// </summary>
    internal static string? Refusal(string connectionString)
    {
        const string form = "Host=db;Port=5432;Database=akkajoin;Username=akkajoin;Password=...";
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(connectionString);
            if (string.IsNullOrWhiteSpace(builder.Host))
                return $"names no Host; it has the form {form}";
            return string.IsNullOrWhiteSpace(builder.Database) ? $"names no Database; it has the form {form}" : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            return $"is no connection string of the form {form}"
                + (connectionString.Contains("://", StringComparison.Ordinal) ? " (a postgresql:// URL is not taken)" : "");
        }
    }

    internal static string Describe(string connectionString, string schema)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        var host = builder.Host!.Contains(',', StringComparison.Ordinal) || builder.Host.StartsWith('/')
            ? builder.Host
            : $"{builder.Host}:{builder.Port}";
        return $"PostgreSQL {host}/{builder.Database}" + (schema == "public" ? "" : $" (schema {schema})");
    }

    /// <summary>
    /// Does something over a connection of its own; while the server starts or is away it is tried again, within the
    /// limit.
    /// </summary>
    /// <param name="what">What could not be done, for the message: "cannot be read".</param>
    /// <param name="work">May be done several times.</param>
    /// <exception cref="JournalException">It failed; the message says why and what to do.</exception>
    internal T RunPatiently<T>(string what, Func<NpgsqlConnection, T> work) => Run(what, work, _patience);

    /// <summary>As <see cref="RunPatiently{T}"/>, without waiting.</summary>
    internal T Run<T>(string what, Func<NpgsqlConnection, T> work) => Run(what, work, TimeSpan.Zero);

    T Run<T>(string what, Func<NpgsqlConnection, T> work, TimeSpan patience)
    {
        var since = Stopwatch.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var connection = new NpgsqlConnection(ConnectionString);
                connection.Open();
                return work(connection);
            }
            catch (Exception e) when (IsPassing(e) && (attempt < Attempts || Stopwatch.GetElapsedTime(since) < patience))
            {
                if (attempt >= Attempts)
                    Thread.Sleep(RetryInterval);
            }
            catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException)
            {
                throw Failure(what, e, patience);
            }
        }
    }

    /// <summary>As <see cref="Run{T}(string, Func{NpgsqlConnection, T})"/>, without blocking.</summary>
    internal async Task<T> RunAsync<T>(string what, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString);
                await connection.OpenAsync(cancellation);
                return await work(connection);
            }
            catch (Exception e) when (IsPassing(e) && attempt < Attempts)
            {
                // Once more, on a new connection.
            }
            catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException)
            {
                throw Failure(what, e, TimeSpan.Zero);
            }
        }
    }

    JournalException Failure(string what, Exception e, TimeSpan tried) => new($"the journal in {Location} {what}: {Reason(e, tried)}", e);

    static string Reason(Exception e, TimeSpan tried) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } p =>
            p.MessageText + ". Check user and password (akkajoin.postgresql.connection-string), and pg_hba.conf of the server.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } p =>
            p.MessageText + ". Create the database first: akkajoin makes tables, not databases.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } p =>
            p.MessageText
                + $". Grant what is missing; or let the owner run {PostgresSchema.File}, and set akkajoin.postgresql.create-schema = off.",
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } p =>
            p.MessageText + ". Raise max_connections of the server, or lower Maximum Pool Size.",
        PostgresException p => $"{p.MessageText} (SQLSTATE {p.SqlState})",
        _ when tried == TimeSpan.Zero => (e.InnerException ?? e).Message,
        _ =>
            $"{(e.InnerException ?? e).Message.TrimEnd('.')}. Tried for {tried.TotalSeconds:0.#} s (akkajoin.postgresql.connect-timeout); "
            + "is it running, and reachable from here?",
    };

    // The server is not there, starts, stops, or has no connection free: it may be otherwise in a moment.
    static bool IsPassing(Exception e) => e switch
    {
        PostgresException p =>
            p.IsTransient
                || p.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
                    or PostgresErrorCodes.CannotConnectNow,
        NpgsqlException => e.InnerException is IOException or SocketException or TimeoutException or null,
        _ => e is SocketException or TimeoutException,
    };

    static string Complete(PostgresOptions options, int connections)
    {
        var given = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        var builder = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            SearchPath = options.Schema,
            TcpKeepAlive = true,
            IncludeErrorDetail = false,
            LogParameters = false,
            PersistSecurityInfo = false,
            Enlist = false,
        };
        if (given.ApplicationName is null)
            builder.ApplicationName = "akkajoin";
        builder.Options = string.Create(CultureInfo.InvariantCulture, $"{FrozenClients}{given.CommandTimeout}s {given.Options}").TrimEnd();
        if (!given.ContainsKey("Maximum Pool Size"))
            builder.MaxPoolSize = connections;
        if (given.TcpKeepAliveTime == 0)
            builder.TcpKeepAliveTime = builder.TcpKeepAliveInterval = KeepAliveSeconds;
        return builder.ConnectionString;
    }
}
