using System.Text.Json;
using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Cockpit;
using AkkaJoin.Cockpit.Client;
using AkkaJoin.Cockpit.Palettes;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Host;
using AkkaJoin.Host.Chaos;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Bench.Nodes;

/// <summary>Some nodes of <c>akkajoin run</c> on this machine, over one journal. Nobody starts again what was killed, unless asked.</summary>
sealed class NodeCluster : IAsyncDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);
    static readonly TimeSpan BalanceLimit = TimeSpan.FromSeconds(180);
    static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);
    static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(10);
    readonly NodeSetup _setup;
    readonly ChaosDirectory _directory;
    readonly JoinSettings _join;
    readonly string _name;
    readonly ChildProcess?[] _nodes;
    readonly Lock _gate = new();

    // Guarded by _gate.
    readonly List<NodeLine> _lines = [];

    /// <param name="count">How many nodes.</param>
    /// <param name="configFile">Their configuration.</param>
    /// <param name="directory">Where their logs go.</param>
    /// <param name="name">What the names of the logs begin with.</param>
    internal NodeCluster(int count, string configFile, ChaosDirectory directory, string name)
    {
        var settings = ConfigLoader.Load(configFile).Settings;
        _join = settings.Joins[0];
        Kafka = settings.Kafka;
        _name = name;
        _directory = directory;
        _nodes = new ChildProcess?[count];
        var ports = FreePorts.Find(2 * count);
        _setup = new NodeSetup(configFile, _join.Name, JoinSentence.Describe(_join), ports[..count], ports[count..]);
    }

    /// <summary>How the brokers are reached.</summary>
    internal KafkaSettings Kafka { get; }

    /// <summary>User and system time of the nodes that run, s.</summary>
    internal double? CpuSeconds => _nodes.OfType<ChildProcess>().Aggregate((double?)0, (sum, node) => sum + ProcFiles.CpuSeconds(node.Owned.Id));

    /// <summary>Starts all and waits until each runs and has its share of the key groups and of the source partitions.</summary>
    internal async Task StartAsync()
    {
        for (var node = 0; node < _nodes.Length; node++)
            Launch(node);
        for (var node = 0; node < _nodes.Length; node++)
            await RunningAsync(node);
        await BalancedAsync();
    }

    /// <summary>Starts one that was killed, and waits as at the start.</summary>
    internal async Task StartAgainAsync(int node)
    {
        lock (_gate)
            _lines.RemoveAll(line => line.Node == node);
        Launch(node);
        await RunningAsync(node);
        await BalancedAsync();
    }

    /// <summary>SIGKILL.</summary>
    /// <returns>When, ms since the epoch.</returns>
    internal long Kill(int node)
    {
        var at = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        _nodes[node]!.Owned.Kill();
        _nodes[node]!.Dispose();
        _nodes[node] = null;
        return at;
    }

    /// <summary>When a node other than <paramref name="about"/> first said this of it, ms since the epoch; null = not yet.</summary>
    /// <param name="about">The node that the line tells of.</param>
    /// <param name="what">Such as "was given up".</param>
    /// <param name="fromMs">Earlier lines tell of an earlier death.</param>
    internal long? Said(int about, string what, long fromMs)
    {
        var address = FormattableString.Invariant($":{_setup.Ports[about]} {what}");
        lock (_gate)
        {
            return _lines.Where(line => line.AtMs >= fromMs && line.Node != about && line.Text.Contains(address, StringComparison.Ordinal))
                .Select(line => (long?)line.AtMs).FirstOrDefault();
        }
    }

    /// <summary>The cluster as a node that runs sees it.</summary>
    internal async Task<ClusterReport> ReportAsync()
    {
        var node = Array.FindIndex(_nodes, n => n is { Owned.IsAlive: true });
        if (node < 0)
            throw new UserException("no node runs", 1);
        var address = new NodeAddress("127.0.0.1", _setup.AdminPorts[node], IsSecure: false);
        using var client = new CockpitClient(address, new ClientOptions(), AskTimeout);
        var command = CommandTable.Find("cluster", "show")!;
        var answer = await client.RunAsync(command, new Dictionary<string, string>(), CancellationToken.None);
        return answer.Deserialize<ClusterReport>(CockpitJson.Options)!;
    }

    /// <summary>The HTTP port of a node.</summary>
    internal Uri AddressOf(int node) => new(FormattableString.Invariant($"http://127.0.0.1:{_setup.AdminPorts[node]}/"));

    /// <summary>The node with an address of a report.</summary>
    internal int Node(string address) =>
        Array.FindIndex(_setup.Ports, port => address.EndsWith(FormattableString.Invariant($":{port}"), StringComparison.Ordinal));

    /// <summary>
    /// Whether every record is joined and every row is in its topic. What ends a transaction takes an offset of each partition, which no record covers until the
    /// next one comes.
    /// </summary>
    internal async Task<bool> IsSettledAsync() =>
        (await ReportAsync()).Joins[0].Groups.All(g => g is { State: KeyGroupState.Running, Unconfirmed: 0, Lag: <= 2 * LoadTopics.Partitions });

    /// <summary>Waits until that is so, at most so long.</summary>
    internal Task SettledAsync(TimeSpan limit) => Waiting.UntilAsync(limit, "the load to be joined", IsSettledAsync);

    /// <summary>SIGTERM to all, and waits for their ends.</summary>
    internal async Task StopAsync()
    {
        var running = _nodes.OfType<ChildProcess>().ToList();
        running.ForEach(node => node.Owned.Stop());
        foreach (var node in running)
        {
            if (await node.ExitAsync(EndLimit) is not 0 and var code)
                throw new UserException($"a node {(code is null ? "did not end" : $"ended with {code}")}:\n{node.LastLines}", 1);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            node?.Dispose();
        return ValueTask.CompletedTask;
    }

    void Launch(int node)
    {
        var log = _directory.Log(FormattableString.Invariant($"{_name}-node-{node + 1}"));
        _nodes[node] = ChildProcess.Start(_setup.Node(node), log, text =>
        {
            lock (_gate)
                _lines.Add(new NodeLine(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), node, text));
        });
    }

    Task RunningAsync(int node) => Waiting.UntilAsync(StartLimit, $"node {node + 1} to run", () =>
    {
        if (!_nodes[node]!.Owned.IsAlive)
            throw new UserException($"node {node + 1} ended:\n{_nodes[node]!.LastLines}", 1);
        lock (_gate)
            return Task.FromResult(_lines.Any(line => line.Node == node && line.Text.Contains(_setup.Sentence, StringComparison.Ordinal)));
    });

    async Task BalancedAsync()
    {
        using var readers = new Readers(Kafka, _join.GroupId);
        await Waiting.UntilAsync(BalanceLimit, "the key groups and partitions to be shared out", async () =>
        {
            var report = await ReportAsync();
            var groups = report.Joins[0].Groups;
            var running = _nodes.Count(n => n is not null);
            var shares = groups.Where(g => g.State == KeyGroupState.Running).GroupBy(g => g.Node).Select(g => g.Count()).ToList();

            // A share of the key groups may be one or two short of even: the shards' balance is not moved for less.
            return report.Members.Count == running && shares.Count == running && shares.Sum() == groups.Count
                && shares.Min() + 2 >= groups.Count / running
                && await readers.HaveAllAsync(running, 2 * LoadTopics.Partitions);
        });
    }
}
