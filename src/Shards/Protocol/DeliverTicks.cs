namespace AkkaJoin.Shards.Protocol;

/// <summary>Ticks for a key group. One array serves all groups.</summary>
/// <param name="Group">The key group.</param>
/// <param name="Ticks">The ticks.</param>
/// <param name="Flush">Whether the group journals them at once instead of with its next event.</param>
sealed record DeliverTicks(int Group, Tick[] Ticks, bool Flush) : IGroupMessage;
