using System.Diagnostics;
using System.Globalization;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Host.Chaos;

/// <summary>
/// A Kafka of the run's own: one KRaft broker on loopback out of a distribution, its data in the run's directory. With
/// bin/kafka-server-start.sh it is Apache's distribution; with an executable called kafka, a script that knows start,
/// restart and a file pid beside the data.
/// </summary>
sealed class StartedKafka : StartedService
{
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    readonly string _distribution;
    readonly string _data;
    readonly string _log;
    readonly int _port;
    readonly bool _isScript;
    ChildProcess? _child;

    /// <param name="distribution">Where it lies.</param>
    /// <param name="directory">Whose directory gets the data.</param>
    /// <exception cref="UserException">There is no Kafka.</exception>
    internal StartedKafka(string distribution, ChaosDirectory directory)
    {
        _distribution = Path.GetFullPath(distribution);
        _isScript = File.Exists(Script);
        if (!_isScript && !File.Exists(Tool("kafka-server-start.sh")))
            throw new UserException(
                $"--start-kafka {distribution}: there is neither bin/kafka-server-start.sh nor a script kafka in it", ExitCodes.Usage);
        _data = directory.Kafka;
        _log = directory.Log("kafka");
        Directory.CreateDirectory(_data);
        _port = Port(Path.Combine(_data, "chaos-port"));
    }

    internal override string Name => "Kafka";

    /// <summary>Where clients find it.</summary>
    internal string BootstrapServers => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    string Script => Path.Combine(_distribution, "kafka");

    string Properties => Path.Combine(_data, "server.properties");

    protected override async Task<OwnedProcess> LaunchAsync() => _isScript ? await LaunchScriptAsync() : await LaunchServerAsync();

    protected override void StopCleanly(OwnedProcess process) => process.Stop();

    protected override void DisposeChild() => _child?.Dispose();

    string Tool(string name) => Path.Combine(_distribution, "bin", name);

    async Task<OwnedProcess> LaunchScriptAsync()
    {
        string[] arguments = File.Exists(Properties)
            ? ["restart", _data]
            : ["start", _data, _port.ToString(CultureInfo.InvariantCulture)];
        // The script takes a dead broker for a live one until somebody has waited for it, which not every first process
        // of a container does.
        File.Delete(Path.Combine(_data, "pid"));

        // Through a shell that lets go of the output: the broker would hold it open.
        await ToolAsync(_log, "/bin/sh", ["-c", "log=$0; exec \"$@\" >>\"$log\" 2>&1", _log, Script, .. arguments]);
        var id = int.Parse(await File.ReadAllTextAsync(Path.Combine(_data, "pid")), CultureInfo.InvariantCulture);
        return OwnedProcess.Find(id) ?? throw new UserException($"Kafka ended at once; its log is in {_data}", ExitCodes.Failed);
    }

    async Task<OwnedProcess> LaunchServerAsync()
    {
        if (!File.Exists(Properties))
        {
            await File.WriteAllTextAsync(Properties, ServerProperties());
            var id = await ToolAsync(_log, Tool("kafka-storage.sh"), "random-uuid");
            await ToolAsync(_log, Tool("kafka-storage.sh"), "format", "-t", id.Split('\n')[^1].Trim(), "-c", Properties);
        }

        var start = new ProcessStartInfo(Tool("kafka-server-start.sh"), [Properties]);
        start.Environment["LOG_DIR"] = Path.Combine(_data, "logs");
        _child?.Dispose();
        _child = ChildProcess.Start(start, _log);
        await AnsweringAsync(_child, StartLimit, _log, () => ListensAsync(_port));
        return _child.Owned;
    }

    // Event times may lie long ago, and the group's members come and go: nothing is deleted for its age, no rebalance
    // waits for company.
    string ServerProperties() => string.Create(CultureInfo.InvariantCulture, $"""
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:{_port + 1}
        listeners=PLAINTEXT://127.0.0.1:{_port},CONTROLLER://127.0.0.1:{_port + 1}
        advertised.listeners=PLAINTEXT://127.0.0.1:{_port}
        controller.listener.names=CONTROLLER
        listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
        log.dirs={Path.Combine(_data, "data")}
        auto.create.topics.enable=false
        offsets.topic.replication.factor=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        log.retention.ms=-1
        group.initial.rebalance.delay.ms=0

        """);
}
