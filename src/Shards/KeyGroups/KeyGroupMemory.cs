using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>What a process remembers of a key group from one incarnation to the next.</summary>
sealed class KeyGroupMemory
{
    /// <summary>Failures since the last good event; the wait before the group goes on grows with them.</summary>
    internal int Failures { get; set; }

    /// <summary>The event that the last recovery missed, or 0.</summary>
    internal long Hole { get; set; }

    /// <summary>The snapshot of which the last recovery missed a segment, or 0.</summary>
    internal long LostSnapshot { get; set; }

    /// <summary>
    /// The last confirmed event. The journal may not say it yet when an incarnation ends; the next one in this process
    /// then does not send those rows again. It is true of this very event only: after the journal was rolled back
    /// another event may have its number.
    /// </summary>
    internal EventId? LastConfirmed { get; set; }
}
