namespace AkkaJoin.Shards.Journal.Leases;

/// <summary>What came of taking or renewing a lease.</summary>
/// <param name="IsHeld">The lease belongs to the cluster that asked.</param>
/// <param name="Current">The lease as it is now; null where it was given free in the same moment.</param>
public sealed record LeaseAnswer(bool IsHeld, LeaseState? Current);
