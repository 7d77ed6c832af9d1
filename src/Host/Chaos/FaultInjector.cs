using System.Diagnostics;
using System.Globalization;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Host.Chaos;

/// <summary>
/// Carries out a plan, one fault after the other: each waits until it is due and until its target runs.
/// </summary>
sealed class FaultInjector(
    IReadOnlyList<NodeSupervisor> nodes, StartedService? kafka, StartedService? postgresql, Timeline timeline)
{
    // Faults that had to wait for their target do not come all at once.
    static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    readonly List<InjectedFault> _done = [];
    readonly List<Task> _aftermath = [];
    readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The faults so far.</summary>
    internal IReadOnlyList<InjectedFault> Done
    {
        get
        {
            lock (_done)
                return [.. _done];
        }
    }

    /// <summary>Faults when what was killed does not come back.</summary>
    internal Task Failure => _failed.Task;

    /// <summary>Ends when every fault was carried out and everything was set going again.</summary>
    internal async Task RunAsync(IReadOnlyList<Fault> plan)
    {
        var began = Stopwatch.GetTimestamp();
        foreach (var fault in plan)
        {
            var due = TimeSpan.FromSeconds(fault.AtSeconds) - Stopwatch.GetElapsedTime(began);
            await Task.Delay(due > Apart ? due : Apart);
            await CarryOutAsync(fault);
        }

        await Task.WhenAll(_aftermath);
        foreach (var node in nodes)
            await node.RunningAsync();
    }

    async Task CarryOutAsync(Fault fault)
    {
        if (fault.HitsNode)
            await HitNodeAsync(fault);
        else
            await HitServiceAsync(fault, fault.Kind == FaultKind.KafkaKill ? kafka! : postgresql!);
    }

    async Task HitNodeAsync(Fault fault)
    {
        var node = nodes[fault.Node];
        OwnedProcess? process = null;
        while (process is null)
        {
            await (fault.Early ? node.StartedAsync() : node.RunningAsync());
            process = fault.Kind switch
            {
                FaultKind.Kill => node.Kill(),
                FaultKind.Stop => node.Stop(),
                _ => node.Freeze(),
            };
        }

        var what = fault.Kind switch
        {
            FaultKind.Kill => "SIGKILL",
            FaultKind.Stop => "SIGTERM: it drains, and is started again",
            _ => string.Create(CultureInfo.InvariantCulture, $"SIGSTOP for {fault.FrozenSeconds:0.0} s"),
        };
        var injected = Note(fault, $"node {node.Number}", process, what);
        if (fault.Kind == FaultKind.Freeze)
            _aftermath.Add(ThawAsync(node, process, injected));
    }

    async Task ThawAsync(NodeSupervisor node, OwnedProcess process, InjectedFault freeze)
    {
        await Task.Delay(TimeSpan.FromSeconds(freeze.Fault.FrozenSeconds));
        var woken = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        if (node.Thaw() != process)
            return;
        freeze.WokenMs = woken;
        timeline.Say(Entry(TimelineEvents.Woken, $"node {node.Number}", process, "SIGCONT") with { FrozenAt = freeze.AtMs });
    }

    async Task HitServiceAsync(Fault fault, StartedService service)
    {
        await Task.WhenAll(_aftermath.OfType<Task<StartedService>>().Where(t => !t.IsCompleted));
        var crash = fault.Kind == FaultKind.PostgresqlCrash;
        Note(fault, service.Name, service.Process!, crash ? "SIGQUIT: immediate shutdown" : "SIGKILL");
        _aftermath.Add(BringBackAsync(service, crash));
    }

    async Task<StartedService> BringBackAsync(StartedService service, bool crash)
    {
        try
        {
            var away = await service.RestartAsync(crash ? process => process.Crash() : process => process.Kill());
            timeline.Say(Entry(TimelineEvents.Running, service.Name, service.Process!, string.Create(
                CultureInfo.InvariantCulture, $"answers again after {away.TotalSeconds:0.0} s")));
            return service;
        }
        catch (UserException e)
        {
            _failed.TrySetException(e);
            throw;
        }
    }

    InjectedFault Note(Fault fault, string whom, OwnedProcess process, string what)
    {
        var injected = new InjectedFault(fault, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), whom);
        lock (_done)
            _done.Add(injected);
        timeline.Say(Entry(TimelineEvents.Fault, whom, process, what));
        return injected;
    }

    static TimelineEntry Entry(string name, string whom, OwnedProcess process, string what) => new(name)
    {
        Process = process.Id,
        Mark = process.Mark,
        Text = $"{whom}  {what} (process {process.Id.ToString(CultureInfo.InvariantCulture)})",
    };
}
