using AkkaJoin.Bench.Measuring;
using AkkaJoin.Host.Chaos;
using AkkaJoin.Pipeline;
using Npgsql;

namespace AkkaJoin.Bench.Nodes;

/// <summary>A PostgreSQL of the benchmark's own on loopback.</summary>
sealed class Database : IAsyncDisposable
{
    const string Variable = "AKKAJOIN_POSTGRESQL";
    const string Installed = "/usr/lib/postgresql";
    readonly StartedPostgresql _server;

    Database(StartedPostgresql server) => _server = server;

    /// <summary>CPU of the server and of all its processes so far, s.</summary>
    internal double? CpuSeconds => ProcFiles.CpuSecondsWithChildren(_server.Process!.Id);

    /// <summary>The server's version.</summary>
    internal async Task<string> VersionAsync()
    {
        await using var connection = await OpenAsync("public");
        return connection.PostgreSqlVersion.ToString();
    }

    /// <param name="programs">Where initdb and postgres lie; null = the newest that is installed.</param>
    /// <param name="directory">Where the data goes.</param>
    /// <exception cref="UserException">There is none, or it does not start.</exception>
    internal static async Task<Database> StartAsync(string? programs, ChaosDirectory directory)
    {
        var database = new Database(new StartedPostgresql(programs ?? Newest(), directory));
        await database._server.StartAsync();

        // The nodes find it as a user's would.
        Environment.SetEnvironmentVariable(Variable, database._server.ConnectionString);
        return database;
    }

    /// <summary>A connection that sees one schema.</summary>
    internal async Task<NpgsqlConnection> OpenAsync(string schema)
    {
        var connection = new NpgsqlConnection($"{_server.ConnectionString};Search Path={schema};Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    static string Newest() => Directory.Exists(Installed)
        ? Directory.EnumerateDirectories(Installed).Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "initdb")))
            .MaxBy(d => int.TryParse(Path.GetFileName(Path.GetDirectoryName(d)), out var version) ? version : 0) ?? throw None()
        : throw None();

    static UserException None() => new($"there is no PostgreSQL in {Installed}: name its programs with --postgresql BIN_DIR", 1);
}
