using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// The rules of a key group's replay, as pure code. Snapshot, its chunks, highest number and events are read one after the other, and another
/// incarnation may write, snapshot and delete in between. So a replay counts only if every chunk of the snapshot and every event from it on was there and
/// the last one applied is the newest of the journal; otherwise it begins again from the newest snapshot, having sent and written nothing.
/// </summary>
sealed class RecoveryRules(KeyGroup group)
{
    /// <summary>The event that is missing, or that does not follow the one before, or 0: either may come of a journal that was rolled back while it was read.</summary>
    internal long Hole { get; private set; }

    /// <summary>The snapshot of which a chunk is missing or not whole, by its event, or 0.</summary>
    internal long LostSnapshot { get; private set; }

    /// <summary>Whether something was missing.</summary>
    internal bool IsIncomplete => Hole > 0 || LostSnapshot > 0;

    /// <summary>
    /// Whether what was missing is damage: the recovery before missed it at the same place. What another incarnation's deletion made missing is not missed
    /// again, since what it deletes lies before its snapshot.
    /// </summary>
    /// <param name="holeBefore">The hole that the recovery before found, or 0.</param>
    /// <param name="lostBefore">The snapshot that it could not read, or 0.</param>
    internal bool IsDamaged(long holeBefore, long lostBefore) =>
        (Hole > 0 && Hole == holeBefore) || (LostSnapshot > 0 && LostSnapshot == lostBefore);

    /// <summary>Takes the snapshot in; false where a chunk of it is missing or not whole.</summary>
    internal bool Snapshot(byte[] bytes, Func<int, byte[]?> chunks)
    {
        if (group.Restore(bytes, chunks))
            return true;
        LostSnapshot = group.Sequence;
        return false;
    }

    /// <summary>Takes the next event in, where it is what it should be.</summary>
    internal ReplayedEvent Event(long sequence, byte[] bytes)
    {
        if (sequence != group.Sequence + 1)
        {
            Hole = group.Sequence + 1;
            return ReplayedEvent.Hole;
        }

        if (!EventCodec.IsWhole(bytes, group.Number, sequence))
            return ReplayedEvent.Damaged;
        if (!group.Follows(bytes))
        {
            Hole = sequence;
            return ReplayedEvent.Foreign;
        }

        group.Apply(sequence, bytes);
        return ReplayedEvent.Applied;
    }

    /// <summary>Whether the replay may count, where <paramref name="newest"/> is the highest number of the journal.</summary>
    internal bool IsWhole(long newest) => newest == group.Sequence;

    /// <summary>
    /// What may be deleted of the journal once a snapshot is durable, 0 = nothing. Its newest row never is: the fence compares with it.
    /// </summary>
    internal static long DeletableThrough(long snapshot) => snapshot - 1;

    /// <summary>Below which snapshot the chunks may be deleted once it is durable.</summary>
    internal static long ChunksDeletableBelow(long snapshot) => snapshot;
}
