namespace AkkaJoin.Host.Administration.Reports;

/// <summary>A snapshot of a key group.</summary>
/// <param name="Sequence">The last event in it.</param>
/// <param name="SavedAt">When it was saved, by the wall clock of its node.</param>
sealed record SnapshotReport(long Sequence, DateTimeOffset SavedAt);
