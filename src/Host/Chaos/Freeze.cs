namespace AkkaJoin.Host.Chaos;

/// <summary>A node was frozen from one moment to another.</summary>
/// <param name="AtMs">SIGSTOP, ms since the epoch.</param>
/// <param name="WokenMs">SIGCONT, ms since the epoch.</param>
sealed record Freeze(long AtMs, long WokenMs);
