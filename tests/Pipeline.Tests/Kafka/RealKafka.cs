using System.Diagnostics;
using AkkaJoin.Shards.Tests.Databases;

namespace AkkaJoin.Pipeline.Tests.Kafka;

/// <summary>
/// An Apache Kafka for the tests of a class: the running one that AKKAJOIN_TEST_KAFKA names, or one started from ../shared/kafka.
/// </summary>
public sealed class RealKafka : IDisposable
{
    internal const string Variable = "AKKAJOIN_TEST_KAFKA";

    readonly string? _directory;

    public RealKafka()
        : this([])
    {
    }

    RealKafka(string[] settings)
    {
        if (settings.Length == 0 && Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } address)
        {
            BootstrapServers = address;
            return;
        }

        if (Script is null)
            return;
        _directory = Directory.CreateTempSubdirectory("akkajoin-kafka").FullName;
        var port = LoopbackPorts.TakePair();
        Run(["start", _directory, port.ToString(System.Globalization.CultureInfo.InvariantCulture), .. settings]);
        BootstrapServers = $"127.0.0.1:{port}";
    }

    /// <summary>One of its own, with settings as of server.properties.</summary>
    internal static RealKafka Own(params string[] settings) => new(settings);

    internal static bool IsThere => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } || Script is not null;

    internal string BootstrapServers { get; } = "";

    static string? Script { get; } = Find();

    public void Dispose()
    {
        if (_directory is null)
            return;
        Run("kill", _directory);
        Directory.Delete(_directory, recursive: true);
    }

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

    void Run(params string[] arguments)
    {
        // Through a shell that gives the output to a file: the broker would hold a pipe open.
        var said = Path.Combine(_directory!, $"{arguments[0]}.said");
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        foreach (var argument in (string[])["-c", "said=$0; exec \"$@\" >\"$said\" 2>&1", said, Script!, .. arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        if (!process.WaitForExit(90_000) || process.ExitCode != 0)
            throw new InvalidOperationException($"kafka {string.Join(' ', arguments)} failed: {File.ReadAllText(said)}");
    }
}
