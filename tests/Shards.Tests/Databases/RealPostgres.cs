using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace AkkaJoin.Shards.Tests.Databases;

/// <summary>
/// A PostgreSQL for tests, started at its first use: the running one that AKKAJOIN_TEST_POSTGRESQL names, or a cluster of its own on loopback, which
/// can be killed. The server takes no root: there it runs as the user postgres.
/// </summary>
public sealed class RealPostgres : IDisposable
{
    internal const string Variable = "AKKAJOIN_TEST_POSTGRESQL";
    internal const string Password = "hunter2-of-the-test";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    readonly string[] _settings;
    readonly Lazy<string> _connectionString;
    string? _directory;
    int _port;
    Process? _server;

    public RealPostgres() => (_settings, _connectionString) = ([], new Lazy<string>(() => Given ?? StartOwn()));

    RealPostgres(string[] settings)
    {
        _settings = settings;
        _connectionString = new Lazy<string>(StartOwn);
    }

    /// <summary>There is one, of either kind.</summary>
    internal static bool IsThere => Given is not null || Binaries is not null;

    /// <summary>One of its own can be started.</summary>
    internal static bool CanBeStarted => Binaries is not null;

    static string? Given => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? text : null;

    static string? Binaries { get; } = Find();

    /// <summary>A server of its own, with settings as of postgresql.conf: "fsync=off".</summary>
    internal static RealPostgres Own(params string[] settings) => new(settings);

    /// <summary>Makes an empty database.</summary>
    /// <param name="place">A directory for its tables, of an own server; null = among the others.</param>
    /// <returns>Its connection string.</returns>
    internal string CreateDatabase(string? place = null)
    {
        var name = "t" + Guid.NewGuid().ToString("N")[..12];
        var connectionString = _connectionString.Value;
        if (place is not null)
        {
            if (Environment.IsPrivilegedProcess)
                Run(null, "chown", "postgres", place);
            Execute(connectionString, $"CREATE TABLESPACE {name} LOCATION '{place}'");
        }

        Execute(connectionString, $"CREATE DATABASE {name}" + (place is null ? "" : $" TABLESPACE {name}"));
        return new NpgsqlConnectionStringBuilder(_connectionString.Value) { Database = name }.ConnectionString;
    }

    /// <summary>Runs statements; the first column of the first row, or null.</summary>
    internal static object? Execute(string connectionString, string sql)
    {
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    /// <summary>SIGKILL: what a crash of the server leaves behind.</summary>
    internal void Kill()
    {
        _server!.Kill();
        _server.WaitForExit();
    }

    /// <summary>Starts the server again after <see cref="Kill"/>; what was committed is there.</summary>
    internal void Start()
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_server is null or { HasExited: true })
                Launch(); // again too where the old one's processes still held its memory
            try
            {
                Execute(_connectionString.IsValueCreated ? _connectionString.Value : OwnConnectionString(), "SELECT 1");
                return;
            }
            catch (NpgsqlException) when (Stopwatch.GetElapsedTime(since) < Patience)
            {
                Thread.Sleep(50);
            }
        }
    }

    public void Dispose()
    {
        if (_directory is null)
            return;
        if (_server is { HasExited: false })
            Run(null, "kill", "-QUIT", _server.Id.ToString(CultureInfo.InvariantCulture));
        _server?.WaitForExit(Patience);
        _server?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    static string? Find() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "initdb"))).Max(StringComparer.Ordinal)
        : null;

    static string[] AsUser(params string[] command) =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. command] : command;

    static void Run(string? log, params string[] command)
    {
        using var process = Start(log ?? "/dev/null", command);
        if (!process.WaitForExit(Patience) || process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)} failed{(log is null ? "" : ": " + File.ReadAllText(log))}");
    }

    // Through a shell that lets go of the output: the server would hold it open.
    static Process Start(string log, string[] command)
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = "/" };
        foreach (var argument in (string[])["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1", "sh", log, .. command])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    string StartOwn()
    {
        _directory = Directory.CreateTempSubdirectory("akkajoin-postgresql-").FullName;
        var password = Path.Combine(_directory, "password");
        File.WriteAllText(password, Password);
        if (Environment.IsPrivilegedProcess)
            Run(null, "chown", "-R", "postgres", _directory);
        Run(Path.Combine(_directory, "initdb.log"), AsUser(
            Path.Combine(Binaries!, "initdb"), "-D", Path.Combine(_directory, "data"), "-U", "akkajoin", "-A", "scram-sha-256", "--pwfile", password, "--no-sync"));
        _port = LoopbackPorts.TakePair();
        Start();
        return OwnConnectionString();
    }

    string OwnConnectionString() => $"Host=127.0.0.1;Port={_port};Database=postgres;Username=akkajoin;Password={Password}";

    void Launch()
    {
        _server?.Dispose();
        string[] settings =
        [
            $"port={_port}", "listen_addresses=127.0.0.1", $"unix_socket_directories={_directory}", "shared_buffers=32MB", "max_connections=100", .. _settings,
        ];
        _server = Start(Path.Combine(_directory!, "server.log"), AsUser(
            [Path.Combine(Binaries!, "postgres"), "-D", Path.Combine(_directory!, "data"), .. settings.SelectMany(s => new[] { "-c", s })]));
    }
}
