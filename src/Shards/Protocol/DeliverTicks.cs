using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Shards.Protocol;

/// <summary>Ticks for a key group. One array serves all groups.</summary>
/// <param name="Group">The key group.</param>
/// <param name="Ticks">The ticks.</param>
/// <param name="Flush">Whether the group journals them at once instead of with its next event.</param>
sealed record DeliverTicks(int Group, Tick[] Ticks, bool Flush) : IGroupMessage
{
    /// <summary>The group's events that the ticks rest on: they hold only while all of them are in its journal. Format 1 names none.</summary>
    internal EventId[] RestsOn { get; init; } = [];

    /// <summary>Comes back in the answer, which then says that the group has found them all; 0 = nothing is asked.</summary>
    internal long Stamp { get; init; }
}
