using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AkkaJoin.Host.Chaos;
using AkkaJoin.Host.Demo;
using AkkaJoin.Host.Tests.Running;
using AkkaJoin.Host.Validation;
using Xunit;

namespace AkkaJoin.Host.Tests.Clustering;

/// <summary>
/// Nodes as processes of their own on one join, on ports that they keep over restarts, each with all others as seeds. What is waited for is
/// looked for in their output or in Kafka, again and again within a limit; whatever was not as it should be comes with the output of all of them.
/// </summary>
sealed partial class ClusterOfProcesses : IAsyncDisposable
{
    // A live cluster of the tests notices a dead node within 2 s of silence and gives it up 2 s later. The rest is as users have it.
    const string Quick = """
        akka.cluster {
          failure-detector { heartbeat-interval = 500ms, acceptable-heartbeat-pause = 2s }
          split-brain-resolver.stable-after = 2s
          sharding.rebalance-interval = 1s
        }
        """;

    const long Start = 1_573_552_530_000;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    readonly int[] _ports;
    readonly EngineProcess?[] _nodes;
    readonly List<(int Node, EngineProcess Process)> _all = [];
    readonly CancellationTokenSource _stopFeeding = new();
    Task _feeding = Task.CompletedTask;

    ClusterOfProcesses(JoinOnKafka join, int nodes)
    {
        Join = join;
        _nodes = new EngineProcess[nodes];
        _ports = FreePorts.Find(nodes);
        Offsets = new GroupOffsets(join);
    }

    internal JoinOnKafka Join { get; }

    internal GroupOffsets Offsets { get; }

    /// <summary>The node with the highest address: of two halves keep-majority keeps the one with the lowest.</summary>
    internal int Highest => Array.IndexOf(_ports, _ports.Max());

    /// <summary>Where the others reach a node.</summary>
    internal string AddressOf(int node) => $"127.0.0.1:{_ports[node]}";

    /// <summary>A node's process.</summary>
    internal EngineProcess this[int node] => _nodes[node]!;

    /// <summary>Makes topics and configuration; no node runs yet.</summary>
    /// <param name="kafka">The brokers.</param>
    /// <param name="postgres">The connection string of an empty database.</param>
    /// <param name="nodes">How many nodes there may be.</param>
    /// <param name="type">The join's type.</param>
    /// <param name="settings">More of the configuration file.</param>
    internal static async Task<ClusterOfProcesses> CreateAsync(string kafka, string postgres, int nodes, string type = "full", string settings = "")
    {
        var common = $$"""
            akkajoin {
              journal = postgresql
              postgresql.connection-string = "{{postgres}}"
              cluster { form-after = 1s, lease-timeout = 5s, admin-port = none }
              flow { resend-after = 2s }
            }
            {{Quick}}
            {{settings}}
            """;
        return new ClusterOfProcesses(await JoinOnKafka.CreateAsync(kafka, type, settings: common), nodes);
    }

    /// <summary>Starts nodes, and waits until each of them knows that all nodes that run are up.</summary>
    internal async Task UpAsync(params int[] nodes)
    {
        foreach (var node in nodes)
            Launch(node);
        await AllUpAsync();
    }

    /// <summary>Waits until each node that runs knows that all of them are up.</summary>
    internal async Task AllUpAsync()
    {
        var running = Enumerable.Range(0, _nodes.Length).Where(n => _nodes[n] is { HasExited: false }).ToList();
        await UntilAsync(() => running.All(n => NodesUp(this[n]) == running.Count), $"{running.Count} nodes are up");
    }

    /// <summary>Starts a node, with another configuration than the others', or another build of the program.</summary>
    internal EngineProcess Launch(int node, string? config = null, string? program = null)
    {
        var environment = new Dictionary<string, string>
        {
            ["AKKAJOIN_PORT"] = _ports[node].ToString(CultureInfo.InvariantCulture),
            ["AKKAJOIN_SEEDS"] = string.Join(',', _ports.Select(port => $"127.0.0.1:{port}")),
        };
        string[] arguments = ["run", "-c", config ?? Join.ConfigFile];
        var process = EngineProcess.StartProgram(program ?? EngineProcess.Program, "", environment, arguments);
        _nodes[node] = process;
        _all.Add((node, process));
        return process;
    }

    /// <summary>Writes another configuration file: the common one, and more.</summary>
    internal string WriteConfig(string name, string more)
    {
        var file = Path.Combine(Join.FilesDirectory, name + ".conf");
        File.WriteAllText(file, $"include required(\"{Path.GetFileName(Join.ConfigFile)}\")\n{more}\n");
        return file;
    }

    /// <summary>Kills a node with SIGKILL, and waits until the others have given it up.</summary>
    internal async Task KillAsync(int node)
    {
        await this[node].KillAsync();
        _nodes[node] = null;
        await GivenUpAsync(node);
    }

    /// <summary>Waits until the other nodes say that they gave a node up.</summary>
    internal Task GivenUpAsync(int node) => UntilAsync(
        () => _nodes.Where((other, n) => n != node && other is not null).All(other => other!.Errors.Contains($":{_ports[node]} was given up", StringComparison.Ordinal)),
        $"node {node} was given up");

    /// <summary>Waits until a node has ended by itself.</summary>
    internal async Task<int> EndAsync(int node)
    {
        var code = await this[node].EndAsync();
        _nodes[node] = null;
        return code;
    }

    /// <summary>Stops a node with SIGTERM; it has to end well within the limits of its phases.</summary>
    internal async Task StopAsync(params int[] nodes)
    {
        var limit = TimeSpan.FromSeconds(30);
        var since = Stopwatch.GetTimestamp();
        var codes = await Task.WhenAll(nodes.Select(node => this[node].TerminateAsync()));
        foreach (var node in nodes)
            _nodes[node] = null;
        Check(codes.All(code => code == 0), $"exit codes {string.Join(", ", codes)}");
        Check(Stopwatch.GetElapsedTime(since) < limit, $"the stop of {string.Join(", ", nodes)} took {Stopwatch.GetElapsedTime(since)}");
    }

    /// <summary>Feeds a workload in the background until <see cref="FedAsync"/>. None of its records is late, so that lateness explains nothing.</summary>
    internal void Feed(int perSecond, int seed)
    {
        const int tolerance = 30_000; // max-out-of-orderness; of a partition nothing is ahead of the workload's clock
        var records = new Workload(int.MaxValue, seed, Start).Records()
            .Where((record, i) => record.TimestampMs > Start + ((long)i * Workload.StepMs) - tolerance);
        _feeding = Task.Run(() => Join.FeedSteadilyAsync(records, perSecond, _stopFeeding.Token));
    }

    /// <summary>Waits until so many more rows are there.</summary>
    internal async Task MoreRowsAsync(int count = 200)
    {
        var before = Join.RowCount();
        await UntilAsync(() => Join.RowCount() >= before + count, "more rows");
    }

    /// <summary>Ends the feeding, and waits until everything is joined and committed.</summary>
    internal async Task FedAsync()
    {
        await _stopFeeding.CancelAsync();
        await _feeding;
        await UntilAsync(Offsets.AreAtTheEnd, "all offsets are committed");
    }

    /// <summary>All nodes have ended: lets the last rows out, and validates.</summary>
    internal async Task<ValidationResult> ValidateAsync(string? config = null)
    {
        var (code, output, errors) = await EngineProcess.RunAsync("run", "--bounded", "-c", config ?? Join.ConfigFile);
        Check(code == 0, "the bounded run: " + output + errors);
        var validation = await Join.ValidateAsync();
        Check(validation.Exact, "not exact: " + string.Join('\n', validation.Differences));
        Check(validation.LateRecords == 0, $"{validation.LateRecords} records were late");
        foreach (var rows in Join.ReadRows().GroupBy(row => row.Id))
            Check(rows.Distinct().Count() == 1, $"the rows of {rows.Key} differ: {string.Join('\n', rows.Distinct())}");
        Check(_all.All(node => !node.Process.Errors.Contains("   at ", StringComparison.Ordinal)), "a stack trace");
        Check(_all.All(node => !node.Process.Errors.Contains("is not taken from other nodes", StringComparison.Ordinal)), "a node refused what a node sends");
        return validation;
    }

    /// <summary>Waits for a condition.</summary>
    internal async Task UntilAsync(Func<bool> condition, string what)
    {
        for (var since = Stopwatch.GetTimestamp(); !condition(); await Task.Delay(50))
            Check(Stopwatch.GetElapsedTime(since) < Patience, "did not come: " + what);
    }

    /// <summary>Waits for a condition that asks somebody.</summary>
    internal async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var since = Stopwatch.GetTimestamp(); !await condition(); await Task.Delay(50))
            Check(Stopwatch.GetElapsedTime(since) < Patience, "did not come: " + what);
    }

    /// <summary>Fails with the output of all nodes.</summary>
    internal void Check(bool condition, string what) => Assert.True(condition, condition ? "" : what + Everything());

    public async ValueTask DisposeAsync()
    {
        await _stopFeeding.CancelAsync();
        await _feeding;
        foreach (var (_, process) in _all)
            process.Dispose();
        _stopFeeding.Dispose();
        Offsets.Dispose();
        Join.Dispose();
    }

    /// <summary>The number of nodes that are up, as a node said last.</summary>
    internal static int NodesUp(EngineProcess node) =>
        UpLine().Matches(node.Errors).LastOrDefault() is { } last ? int.Parse(last.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"; (\d+) nodes? up")]
    private static partial Regex UpLine();

    string Everything()
    {
        var text = new StringBuilder("\n");
        foreach (var (node, process) in _all)
            text.AppendLine(CultureInfo.InvariantCulture, $"--- node {node} (port {_ports[node]}, {(process.HasExited ? "ended" : "runs")})\n{process.Output}{process.Errors}");
        return text.ToString();
    }
}
