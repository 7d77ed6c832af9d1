namespace AkkaJoin.Bench.State;

/// <summary>All that one run of <c>state</c> found.</summary>
/// <param name="Sizes">One for each number of records.</param>
/// <param name="HotKey">Null where only the applying was measured.</param>
/// <param name="SilentSide">Null where only the applying was measured.</param>
sealed record StateFigures(IReadOnlyList<StateResult> Sizes, HotKeyResult? HotKey, SilentSideResult? SilentSide);

/// <summary>What so many records cost.</summary>
/// <param name="Records">Records held, remembered ids included, in the steady state.</param>
/// <param name="FillNs">Median over the events of KeyGroup.Apply per record while the state fills, ns.</param>
/// <param name="SteadyNs">The same while as many come as go.</param>
/// <param name="SteadyMeanNs">The same, the mean: pages that must be fetched are few, and dear.</param>
/// <param name="SlowestMs">The longest event of the steady state, ms.</param>
/// <param name="PayloadBytes">Key, id and value per record held.</param>
/// <param name="CountedBytes">What the groups count per record held, beyond the payload.</param>
/// <param name="HeapBytes">The managed heap after a full collection per record held, beyond the payload.</param>
/// <param name="ResidentBytes">Growth of resident memory per record held, beyond the payload; nothing was collected for it.</param>
/// <param name="PausedShare">The share of the steady state in which the GC held the threads.</param>
/// <param name="PauseMs">The longest of these pauses, ms.</param>
/// <param name="StateBytes">All that the groups count.</param>
/// <param name="SnapshotMs">The longest that a group was busy with a snapshot and could not answer, ms; null where none was taken.</param>
sealed record StateResult(
    long Records,
    double FillNs,
    double SteadyNs,
    double SteadyMeanNs,
    double SlowestMs,
    double PayloadBytes,
    double CountedBytes,
    double HeapBytes,
    double ResidentBytes,
    double PausedShare,
    double PauseMs,
    long StateBytes,
    double? SnapshotMs);

/// <summary>What a key with very many partners costs.</summary>
/// <param name="HotNs">A record of it, ns.</param>
/// <param name="ColdNs">A record of a key with one, ns.</param>
sealed record HotKeyResult(double HotNs, double ColdNs)
{
    /// <summary>The former in terms of the latter.</summary>
    public double Ratio => HotNs / ColdNs;
}

/// <summary>What the event costs in which a side that was silent for hours speaks again.</summary>
/// <param name="Ms">With <see cref="SilentSideBenchmark.Buckets"/> time buckets that go, ms.</param>
/// <param name="TwiceMs">With twice as many, ms.</param>
sealed record SilentSideResult(double Ms, double TwiceMs)
{
    /// <summary>The latter in terms of the former.</summary>
    public double Ratio => TwiceMs / Ms;
}
