using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Host.Chaos;

/// <summary>
/// A PostgreSQL of the run's own on loopback, its data in the run's directory. It refuses to run as root, so that root
/// runs it as the user postgres, or nobody where there is none.
/// </summary>
sealed class StartedPostgresql : StartedService
{
    const string User = "akkajoin";
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    readonly string _programs;
    readonly string _directory;
    readonly string _log;

    // User and group for setpriv and chown, by number; null = as we are.
    readonly (string User, string Group)? _asUser;
    readonly int _port;
    ChildProcess? _child;

    /// <param name="programs">Where initdb and postgres lie.</param>
    /// <param name="directory">Whose directory gets the data.</param>
    /// <exception cref="UserException">There is no PostgreSQL.</exception>
    internal StartedPostgresql(string programs, ChaosDirectory directory)
    {
        _programs = Path.GetFullPath(programs);
        foreach (var program in new[] { "initdb", "postgres", "pg_isready" })
        {
            if (!File.Exists(Program(program)))
                throw new UserException($"--start-postgresql {programs}: there is no {program} in it", ExitCodes.Usage);
        }

        _directory = directory.Postgresql;
        _log = directory.Log("postgresql");
        _asUser = Environment.IsPrivilegedProcess ? Unprivileged() : null;
        Directory.CreateDirectory(_directory);
        _port = Port(Path.Combine(_directory, "port"));
    }

    internal override string Name => "PostgreSQL";

    /// <summary>For the environment of the nodes.</summary>
    internal string ConnectionString => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username={User};Password={Password()};Database=postgres");

    string Data => Path.Combine(_directory, "data");

    string PasswordFile => Path.Combine(_directory, "password");

    protected override async Task<OwnedProcess> LaunchAsync()
    {
        if (!Directory.Exists(Data))
            await InitializeAsync();
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await LaunchOnceAsync();
            }
            catch (UserException) when (Stopwatch.GetElapsedTime(since) < StartLimit)
            {
                // After a kill the old server's children live on for a moment, and hold its shared memory.
                await Task.Delay(TimeSpan.FromMilliseconds(300));
            }
        }
    }

    protected override void StopCleanly(OwnedProcess process) => process.StopFast();

    protected override void DisposeChild() => _child?.Dispose();

    static (string User, string Group) Unprivileged()
    {
        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToList();
        var user = users.Find(fields => fields[0] == "postgres") ?? users.Find(fields => fields[0] == "nobody")
            ?? throw new UserException("PostgreSQL does not run as root, and there is no user postgres and none nobody", ExitCodes.Failed);
        return (user[2], user[3]);
    }

    string Program(string name) => Path.Combine(_programs, name);

    string Password() => File.ReadAllText(PasswordFile).Trim();

    async Task InitializeAsync()
    {
        await ToolAsync(_log, "chmod", "0700", _directory);
        await File.WriteAllTextAsync(PasswordFile, Convert.ToHexString(RandomNumberGenerator.GetBytes(16)) + "\n");

        // The other user must get through to its own directory, and sees nothing else.
        if (_asUser is not null)
            await ToolAsync(_log, "chmod", "go+x", Path.GetDirectoryName(_directory)!);
        if (_asUser is { } user)
            await ToolAsync(_log, "chown", "-R", $"{user.User}:{user.Group}", _directory);
        var (program, arguments) = AsUser(
            "initdb", "-D", Data, "-U", User, "-A", "scram-sha-256", "--pwfile", PasswordFile, "-E", "UTF8", "--locale=C");
        await ToolAsync(_log, program, arguments);
    }

    async Task<OwnedProcess> LaunchOnceAsync()
    {
        var port = _port.ToString(CultureInfo.InvariantCulture);
        var (program, arguments) = AsUser(
            "postgres", "-D", Data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=");
        _child?.Dispose();
        _child = ChildProcess.Start(new ProcessStartInfo(program, arguments), _log);
        await AnsweringAsync(_child, StartLimit, _log, () => IsReadyAsync(port));
        return _child.Owned;
    }

    async Task<bool> IsReadyAsync(string port)
    {
        var start = new ProcessStartInfo(Program("pg_isready"), ["-q", "-h", "127.0.0.1", "-p", port]);
        using var ask = System.Diagnostics.Process.Start(start)!;
        await ask.WaitForExitAsync();
        return ask.ExitCode == 0;
    }

    // setpriv becomes the program, so that the process that was started is the server itself.
    (string Program, string[] Arguments) AsUser(string program, params string[] arguments) => _asUser is { } user
        ? ("setpriv", ["--reuid=" + user.User, "--regid=" + user.Group, "--clear-groups", Program(program), .. arguments])
        : (Program(program), arguments);
}
