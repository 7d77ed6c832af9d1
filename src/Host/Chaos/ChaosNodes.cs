using AkkaJoin.Host.Running;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Chaos;

/// <summary>The nodes of a run, each with its supervisor.</summary>
sealed class ChaosNodes : IDisposable
{
    static readonly TimeSpan ClosingLimit = TimeSpan.FromMinutes(10);

    readonly NodeSetup _setup;
    readonly ChaosDirectory _directory;
    readonly List<NodeSupervisor> _nodes;
    ChildProcess? _closing;

    internal ChaosNodes(
        int count, ChaosDirectory directory, JoinSettings join, Timeline timeline, Func<bool> isServiceAway)
    {
        _directory = directory;
        var ports = FreePorts.Find(2 * count);
        _setup = new NodeSetup(directory.Config, join.Name, JoinSentence.Describe(join), ports[..count], ports[count..]);
        _nodes =
        [
            .. Enumerable.Range(0, count).Select(
                n => new NodeSupervisor(n, _setup, directory.Log($"node-{n + 1}"), timeline, isServiceAway)),
        ];
    }

    internal IReadOnlyList<NodeSupervisor> All => _nodes;

    /// <summary>Faults when a node ended as it may not.</summary>
    internal Task Failure => Task.WhenAny(_nodes.Select(n => n.Failure)).Unwrap();

    /// <summary>How often the cluster downed a node.</summary>
    internal int Downed => _nodes.Sum(n => n.Downed);

    internal void Start() => _nodes.ForEach(n => n.Start());

    internal Task RunningAsync() => Task.WhenAll(_nodes.Select(n => n.RunningAsync()));

    /// <summary>Ends all, then runs one bounded run that lets every row out.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="UserException">It failed.</exception>
    internal async Task<string> CloseAsync()
    {
        await Task.WhenAll(_nodes.Select(n => n.EndAsync()));
        var log = _directory.Log("closing");
        _closing = ChildProcess.Start(_setup.Closing(), log);
        var code = await _closing.ExitAsync(ClosingLimit);
        return code == ExitCodes.Good
            ? _closing.Output
            : throw new UserException(
                "the run that lets the last rows out "
                + $"{(code is null ? $"did not end within {ClosingLimit.TotalMinutes} min" : $"ended with exit code {code}")}; "
                + $"its log is {log}:\n{_closing.LastLines}",
                ExitCodes.Failed);
    }

    public void Dispose()
    {
        _nodes.ForEach(n => n.Dispose());
        _closing?.Dispose();
    }
}
