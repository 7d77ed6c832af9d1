namespace AkkaJoin.Bench.State;

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
