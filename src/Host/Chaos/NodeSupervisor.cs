using System.Diagnostics;
using System.Globalization;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Host.Chaos;

/// <summary>
/// Keeps one node running, as docker or systemd would: starts it, and again after a kill, after a stop that was asked
/// for, and after exit code 3 (the cluster downed it). Any other end is a failure of the run.
/// </summary>
sealed class NodeSupervisor(int node, NodeSetup setup, string logFile, Timeline timeline, Func<bool> isServiceAway) : IDisposable
{
    // As the runtime reports a process that SIGKILL ended.
    const int KilledExitCode = 128 + 9;
    static readonly TimeSpan Comeback = TimeSpan.FromSeconds(120);
    static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(90);
    static readonly TimeSpan RestartDelay = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Lock _gate = new();
    ChildProcess? _process;
    Task _loop = Task.CompletedTask;

    // Guarded by _gate.
    NodeState _state = NodeState.Starting;
    bool _last;

    /// <summary>Faults when the node ended as it may not, or did not come back.</summary>
    internal Task Failure => _failed.Task;

    /// <summary>The node's number for people, from 1.</summary>
    internal int Number => node + 1;

    internal NodeState State
    {
        get
        {
            lock (_gate)
                return _state;
        }
    }

    /// <summary>How often the cluster downed it.</summary>
    internal int Downed { get; private set; }

    /// <summary>The process at this moment.</summary>
    internal OwnedProcess? Process => _process?.Owned;

    internal void Start() => _loop = RunAsync();

    /// <summary>Waits until the joins run.</summary>
    internal async Task RunningAsync()
    {
        while (State != NodeState.Running)
        {
            await Task.Delay(PollInterval);
            if (_failed.Task.IsFaulted)
                await _failed.Task;
        }
    }

    /// <summary>Waits until there is a process, running or not.</summary>
    internal async Task StartedAsync()
    {
        while (Process is not { IsAlive: true } || State == NodeState.Ending)
        {
            await Task.Delay(PollInterval);
            if (_failed.Task.IsFaulted)
                await _failed.Task;
        }
    }

    /// <summary>SIGKILL.</summary>
    internal OwnedProcess? Kill() => Send(NodeState.Ending, process => process.Kill());

    /// <summary>SIGTERM; the supervisor starts it again.</summary>
    internal OwnedProcess? Stop() => Send(NodeState.Ending, process => process.Stop());

    /// <summary>SIGSTOP.</summary>
    internal OwnedProcess? Freeze() => Send(NodeState.Frozen, process => process.Freeze());

    /// <summary>SIGCONT.</summary>
    internal OwnedProcess? Thaw()
    {
        lock (_gate)
            return _state == NodeState.Frozen ? Send(NodeState.Running, process => process.Thaw()) : null;
    }

    /// <summary>SIGTERM for good, and waits for the end.</summary>
    internal async Task EndAsync()
    {
        lock (_gate)
            _last = true;
        Stop();
        if (await Task.WhenAny(_loop, Task.Delay(DrainLimit)) != _loop)
            throw Failed($"did not end within {DrainLimit.TotalSeconds} s of SIGTERM");
        if (_failed.Task.IsFaulted)
            await _failed.Task;
    }

    /// <summary>Kills what still runs.</summary>
    public void Dispose()
    {
        lock (_gate)
            _last = true;
        _process?.Dispose();
    }

    OwnedProcess? Send(NodeState state, Action<OwnedProcess> signal)
    {
        lock (_gate)
        {
            if (Process is not { IsAlive: true } process)
                return null;
            _state = state;
            signal(process);
            return process;
        }
    }

    async Task RunAsync()
    {
        try
        {
            while (await OnceAsync())
                await Task.Delay(RestartDelay);
        }
        catch (Exception e) when (e is UserException or IOException or InvalidOperationException)
        {
            _failed.TrySetException(e);
        }
    }

    /// <summary>One process from its start to its end. Returns whether there is to be another.</summary>
    async Task<bool> OnceAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_last)
                return false;
            _state = NodeState.Starting;
            _process?.Dispose();
            _process = ChildProcess.Start(setup.Node(node), logFile, line =>
            {
                if (line.Contains(setup.Sentence, StringComparison.Ordinal))
                    running.TrySetResult();
            });
            timeline.Note(Entry(TimelineEvents.Started, _process, ""));
        }

        var child = _process;
        var exit = child.ExitAsync();
        if (await Task.WhenAny(running.Task, exit, Task.Delay(Comeback)) is var first && first == running.Task)
            Running(child, started);
        else if (first != exit && State == NodeState.Starting)
            throw Failed($"was not running {Comeback.TotalSeconds} s after its start");
        return Ended(child, await exit, running.Task.IsCompleted);
    }

    void Running(ChildProcess child, long started)
    {
        lock (_gate)
        {
            if (_state == NodeState.Starting)
                _state = NodeState.Running;
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        timeline.Say(Entry(TimelineEvents.Running, child, string.Create(
            CultureInfo.InvariantCulture, $"node {Number}  runs (process {child.Owned.Id}, {seconds:0.0} s after its start)")));
    }

    /// <summary>Whether the node may be started again.</summary>
    bool Ended(ChildProcess child, int code, bool ran)
    {
        NodeState before;
        bool last;
        lock (_gate)
        {
            before = _state;
            last = _last;
            _state = NodeState.Ending;
        }

        if (code == ExitCodes.Downed)
        {
            Downed++;
            timeline.Say(Entry(TimelineEvents.Ended, child, $"node {Number}  ended with {code}: the cluster had downed it"));
            return !last;
        }

        if (before == NodeState.Ending && code is ExitCodes.Good or KilledExitCode)
        {
            timeline.Note(Entry(TimelineEvents.Ended, child, ""));
            return !last;
        }

        // Whoever starts while the broker or the database is away may give up, and is started again.
        if (!ran && code == ExitCodes.Failed && isServiceAway())
        {
            timeline.Say(
                Entry(TimelineEvents.Ended, child, $"node {Number}  did not start while the broker or the database was away; once more"));
            return !last;
        }

        throw Failed(code == KilledExitCode ? "was killed, and not by this run" : $"ended with exit code {code}");
    }

    TimelineEntry Entry(string name, ChildProcess child, string text) => new(name)
    {
        Node = Number,
        Process = child.Owned.Id,
        Mark = child.Owned.Mark,
        Text = text.Length > 0 ? text : null,
    };

    UserException Failed(string what) => new($"node {Number} {what}; its log is {logFile}:\n{_process?.LastLines}", ExitCodes.Failed);
}

/// <summary>What a node does, as its supervisor knows it.</summary>
enum NodeState
{
    /// <summary>No process, or one whose joins do not run yet.</summary>
    Starting,

    /// <summary>The joins run.</summary>
    Running,

    /// <summary>Stopped by SIGSTOP.</summary>
    Frozen,

    /// <summary>Told to end, or killed.</summary>
    Ending,
}
