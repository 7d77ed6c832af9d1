using System.Diagnostics;
using System.Globalization;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Host.Chaos;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Bench.Brokers;

/// <summary>A Kafka to measure against: one that runs already, or one started from ../shared/kafka beside the repository.</summary>
sealed class Broker : IDisposable
{
    const string Variable = "AKKAJOIN_TEST_KAFKA";
    const string Heap = "1g";
    const string Server = "kafka-server-";
    readonly string? _script;
    readonly string? _directory;

    Broker(string servers) => Servers = servers;

    Broker(string script, string directory, int port)
    {
        _script = script;
        _directory = directory;
        Servers = $"127.0.0.1:{port}";
    }

    /// <summary>host:port.</summary>
    internal string Servers { get; }

    /// <summary>Where its files are, its process id among them; null where it is not ours.</summary>
    internal string? Directory => _directory;

    /// <summary>What it is, for a report.</summary>
    internal string Description => _script is null
        ? $"Kafka at {Servers}, not started by the benchmark"
        : $"Apache Kafka of ../shared/kafka, one node on the same machine, heap {Heap}";

    /// <summary>Its version, as the names of its libraries have it; null where it is not ours.</summary>
    internal string? Version => _script is null
        ? null
        : System.IO.Directory.EnumerateFiles(Path.Combine(Path.GetDirectoryName(_script)!, "libs"), Server + "*.jar")
            .Select(file => Path.GetFileNameWithoutExtension(file)[Server.Length..]).FirstOrDefault(version => char.IsAsciiDigit(version[0]));

    /// <summary>CPU of the broker so far, s; null where it is not ours or its process cannot be seen.</summary>
    internal double? CpuSeconds => _directory is null ? null : ProcFiles.CpuSeconds(int.Parse(File.ReadAllText(Path.Combine(_directory, "pid")), CultureInfo.InvariantCulture));

    /// <exception cref="UserException">There is none, or it does not start.</exception>
    internal static Broker Open(string? address)
    {
        address ??= Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : null;
        if (address is not null)
            return new Broker(address);
        var script = Path.GetFullPath(Path.Combine(Repository.Root ?? ".", "..", "shared", "kafka", "kafka"));
        if (!File.Exists(script))
        {
            throw new UserException(
                $"there is no Kafka to measure against: name one with --kafka HOST:PORT or the variable {Variable} (there is none in {script} either)", 1);
        }

        var broker = new Broker(script, System.IO.Directory.CreateTempSubdirectory("akkajoin-bench-kafka-").FullName, FreePorts.FindPair());
        broker.Run("start", broker._directory!, broker.Servers.Split(':')[1]);
        return broker;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_directory is null)
            return;
        Run("kill", _directory);
        System.IO.Directory.Delete(_directory, recursive: true);
    }

    // Through a shell that lets go of the output: the broker would hold it open.
    void Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, Environment = { ["KAFKA_HEAP"] = Heap } };
        foreach (var argument in (string[])["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", _script!, .. arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new UserException($"{_script} {string.Join(' ', arguments)} failed; see {_directory}", 1);
    }
}
