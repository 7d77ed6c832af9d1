namespace AkkaJoin.Shards.Protocol;

/// <summary>
/// Has a key group journal what it knows at once, confirmations above all: after a clean stop nothing is sent again. Answered by
/// <see cref="GroupAck"/> without items.
/// </summary>
/// <param name="Group">The key group.</param>
sealed record FlushGroup(int Group) : IGroupMessage;
