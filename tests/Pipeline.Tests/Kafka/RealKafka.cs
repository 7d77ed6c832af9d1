using System.Diagnostics;
using System.Globalization;
using AkkaJoin.Shards.Tests.Databases;

namespace AkkaJoin.Pipeline.Tests.Kafka;

/// <summary>
/// An Apache Kafka for tests, started at its first use: the running one that AKKAJOIN_TEST_KAFKA names, or one of ../shared/kafka. All
/// test classes of a process share it; it ends with the process, even with one that is killed.
/// </summary>
public sealed class RealKafka : IDisposable
{
    internal const string Variable = "AKKAJOIN_TEST_KAFKA";

    static readonly Lazy<Broker> Shared = new(() =>
    {
        var broker = new Broker([]);
        broker.EndWithThisProcess();
        return broker;
    });

    readonly Broker? _own;

    public RealKafka()
    {
    }

    RealKafka(Broker own) => _own = own;

    internal static bool IsThere => Given is not null || Script is not null;

    internal string BootstrapServers => _own?.Servers ?? Given ?? Shared.Value.Servers;

    static string? Given => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } address ? address : null;

    static string? Script { get; } = Find();

    /// <summary>One of its own, with settings as of server.properties.</summary>
    internal static RealKafka Own(params string[] settings) => new(new Broker(settings));

    public void Dispose() => _own?.Kill();

    static string? Find()
    {
        for (var d = new DirectoryInfo(AppContext.BaseDirectory); d is not null; d = d.Parent)
        {
            if (!File.Exists(Path.Combine(d.FullName, "AkkaJoin.sln")))
                continue;
            var script = Path.GetFullPath(Path.Combine(d.FullName, "..", "shared", "kafka", "kafka"));
            return File.Exists(script) ? script : null;
        }

        return null;
    }

    sealed class Broker
    {
        readonly string _directory = Directory.CreateTempSubdirectory("akkajoin-kafka").FullName;

        internal Broker(string[] settings)
        {
            var port = LoopbackPorts.TakePair();
            Run(["start", _directory, port.ToString(CultureInfo.InvariantCulture), .. settings]);
            Servers = $"127.0.0.1:{port}";
        }

        internal string Servers { get; }

        internal void Kill()
        {
            Run("kill", _directory);
            Directory.Delete(_directory, recursive: true);
        }

        // A process of its own waits for the end of this one: no test is the last, and the runner may kill what it has run.
        internal void EndWithThisProcess()
        {
            var self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
            const string Wait = "while kill -0 $1; do sleep 0.5; done; \"$2\" kill \"$3\"; rm -rf \"$3\"";
            using var process = Shell("exec >/dev/null 2>&1; " + Wait, self, Script!, _directory);
        }

        // Through a shell that gives the output to a file: the broker would hold a pipe open.
        void Run(params string[] arguments)
        {
            var said = Path.Combine(_directory, $"{arguments[0]}.said");
            using var process = Shell("said=$1; shift; exec \"$@\" >\"$said\" 2>&1", [said, Script!, .. arguments]);
            if (!process.WaitForExit(90_000) || process.ExitCode != 0)
                throw new InvalidOperationException($"kafka {string.Join(' ', arguments)} failed: {File.ReadAllText(said)}");
        }

        static Process Shell(string command, params string[] arguments)
        {
            var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
            foreach (var argument in (string[])["-c", command, "sh", .. arguments])
                start.ArgumentList.Add(argument);
            return Process.Start(start)!;
        }
    }
}
