using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>What a process remembers of a key group over its incarnations in it.</summary>
sealed class GroupMemory
{
    /// <summary>Failures since the last good event; the wait before the group goes on grows with them.</summary>
    internal int Failures { get; set; }

    /// <summary>The event that the last recovery missed, or 0.</summary>
    internal long Hole { get; set; }

    /// <summary>The snapshot of which the last recovery missed a chunk, or 0.</summary>
    internal long LostSnapshot { get; set; }

    /// <summary>
    /// The last confirmed event: an incarnation that follows in the process need not send again what the journal could not be told of any more. An event's
    /// outputs never change, so it stays true whoever journaled since; but only of that event, and not of another one that has its number after the
    /// journal was rolled back.
    /// </summary>
    internal EventId? Confirmed { get; set; }
}
