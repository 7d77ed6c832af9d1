namespace AkkaJoin.Shards.Protocol;

/// <summary>
/// A node says to the others how far behind the slowest of its partitions is that have something to read, so that none of theirs runs far
/// ahead of it. Goes to the nodes' <see cref="KeyGroups.TickRelay"/>, and may be lost: another follows.
/// </summary>
/// <param name="Floor">Its watermark in ms since the epoch; beyond every event time where there is none.</param>
sealed record NodeFloor(long Floor);
