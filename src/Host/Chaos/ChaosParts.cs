using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Chaos;

/// <summary>What one part of a run works with.</summary>
sealed record ChaosParts(
    ChaosDirectory Directory,
    Timeline Timeline,
    ChaosServices Services,
    AkkaJoinSettings Settings,
    JoinSettings Join,
    RunIdentity Run,
    PastRun? Past,
    IRecordSource Source)
{
    /// <summary>When nodes were frozen, in all parts of the run.</summary>
    internal IReadOnlyList<Freeze> Freezes(IEnumerable<InjectedFault> now) =>
        [.. Past?.Freezes ?? [], .. now.Where(f => f.WokenMs is not null).Select(f => new Freeze(f.AtMs, f.WokenMs!.Value))];

    /// <summary>
    /// The number of the first event: after all that may have been fed, and so far on in event time that nothing is
    /// late, though the end of the last part closed time.
    /// </summary>
    internal long FirstEvent(int rate)
    {
        if (Past is null)
            return 0;
        var next = Past.NextEvent(rate);
        if (Run.Input is not null
            || Math.Max(Past.LateBelowLeft ?? long.MinValue, Past.LateBelowRight ?? long.MinValue) is not (var below and > long.MinValue))
            return next;
        var open = (below + ChaosWorkload.Disorder(Join) - Run.StartMs) / Run.StepMs;
        return Math.Max(next, (long)open + 1);
    }
}
