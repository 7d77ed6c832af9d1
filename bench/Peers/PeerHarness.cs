using System.Globalization;
using System.Text.Json;
using AkkaJoin.Bench.Brokers;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Bench.Peers;

/// <summary>
/// The harness that runs Kafka Streams, Flink, Streamiz and AkkaJoin over the same topics of the same broker and measures all of them alike. It lies outside
/// this repository: in the directory that <see cref="Variable"/> names, or in ../shared/peers.
/// </summary>
sealed class PeerHarness
{
    internal const string Variable = "AKKAJOIN_BENCH_PEERS";
    const int Partitions = 8;
    readonly string _measure;
    readonly string _directory;

    PeerHarness(string measure, string directory) => (_measure, _directory) = (measure, directory);

    /// <summary>Where it is looked for.</summary>
    static string Place => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
        ? named
        : Path.GetFullPath(Path.Combine(Repository.Root ?? ".", "..", "shared", "peers"));

    /// <summary>The harness, or null and why there is none.</summary>
    /// <param name="broker">The broker; the harness reads its CPU time, so the benchmark must have started it.</param>
    /// <param name="parent">Where the harness's files go.</param>
    /// <param name="missing">What is missing, and what to do.</param>
    internal static PeerHarness? Find(Broker broker, string parent, out string missing)
    {
        var measure = Path.Combine(Place, "measure");
        missing = !File.Exists(measure)
            ? $"not measured: there is no {measure}; name the directory of the peers' harness in {Variable}"
            : broker.Directory is null
                ? "not measured: the harness needs a broker that the benchmark started (no --kafka)"
                : "";
        if (missing.Length > 0)
            return null;
        var directory = Directory.CreateDirectory(Path.Combine(parent, "peers")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(directory, "broker"), broker.Directory!);
        return new PeerHarness(measure, directory);
    }

    /// <summary>Makes the topics NAME-impressions and NAME-plays and fills them.</summary>
    internal Task FillAsync(string name, int events, int seed) => RunAsync([], "fill", _directory, Text(events), Text(Partitions), Text(seed), name);

    /// <summary>Runs a peer over the filled topics.</summary>
    internal Task<PeerRunFigures> RunPeerAsync(string name, string system, int limitSeconds) =>
        MeasureAsync<PeerRunFigures>([], "run", _directory, name, system, Text(limitSeconds));

    /// <summary>Runs AkkaJoin, or any command, over the filled topics.</summary>
    internal Task<PeerRunFigures> RunCommandAsync(string name, string system, bool isLeft, string output, int limitSeconds, params IEnumerable<string> command) =>
        MeasureAsync<PeerRunFigures>(
            [("SYSTEM", system), ("JOIN", isLeft ? "left" : "inner")], ["command", _directory, name, output, Text(limitSeconds), "--", .. command]);

    /// <summary>Runs a peer under a live load.</summary>
    internal Task<PeerLiveFigures> LivePeerAsync(string name, string system, int eventsPerSecond, int seconds) =>
        MeasureAsync<PeerLiveFigures>([], "latency", _directory, name, system, Text(eventsPerSecond), Text(seconds));

    /// <summary>Runs AkkaJoin, or any command, under a live load.</summary>
    internal Task<PeerLiveFigures> LiveCommandAsync(string name, string system, int eventsPerSecond, int seconds, string output, params IEnumerable<string> command) =>
        MeasureAsync<PeerLiveFigures>([], ["latency", _directory, name, system, Text(eventsPerSecond), Text(seconds), "--", output, .. command]);

    async Task<T> MeasureAsync<T>((string, string)[] environment, params string[] arguments)
    {
        var lines = (await RunAsync(environment, arguments)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return JsonSerializer.Deserialize<T>(lines[^1])!;
    }

    async Task<string> RunAsync((string Name, string Value)[] environment, params string[] arguments)
    {
        var run = await ChildRun.RunAsync("/usr/bin/env", [.. environment.Select(v => $"{v.Name}={v.Value}"), _measure, .. arguments]);
        return run.ExitCode == 0 && run.Output.Length > 0
            ? run.Output
            : throw new UserException($"{_measure} {string.Join(' ', arguments)} ended with {run.ExitCode}: {run.Error}", 1);
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
