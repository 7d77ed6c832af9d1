using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// The rules of a key group's recovery, as pure code. Another incarnation may still be running on another node. It may
/// write events, save a snapshot and delete what lies before it while this one reads snapshot, segments, events and the
/// highest number one after the other.
/// <para>
/// A recovery counts only if it read every segment of the snapshot and every event behind it, and if the last event
/// that it applied is the newest of the journal. Otherwise it begins again from the newest snapshot. Until then it has
/// sent and written nothing.
/// </para>
/// <para>
/// Example. The newest snapshot is of event 40. While this recovery reads events 41 to 60, a zombie saves a snapshot of
/// event 55 and deletes the events up to 54. The recovery applies 48 and then meets 55: <see cref="Hole"/> is 49. The
/// next recovery starts from the snapshot of 55 and finds no hole there. Had it found 49 missing again, the journal
/// would be damaged.
/// </para>
/// </summary>
sealed class RecoveryRules(KeyGroup group)
{
    /// <summary>
    /// The event that is missing, or that does not follow the one before; 0 = none. A journal that is rolled back
    /// during the read shows either.
    /// </summary>
    internal long Hole { get; private set; }

    /// <summary>The event of the snapshot of which a segment is missing or not whole; 0 = none.</summary>
    internal long LostSnapshot { get; private set; }

    /// <summary>Whether something was missing.</summary>
    internal bool IsIncomplete => Hole > 0 || LostSnapshot > 0;

    /// <summary>
    /// Whether the journal is damaged: two recoveries, one after the other, missed the same event or the same snapshot.
    /// An event that another incarnation deleted is not missed again: it lies before that incarnation's snapshot, from
    /// which the next recovery starts.
    /// </summary>
    /// <param name="holeBefore">The hole that the recovery before found; 0 = none.</param>
    /// <param name="lostBefore">The snapshot that it could not read; 0 = none.</param>
    internal bool IsDamaged(long holeBefore, long lostBefore) =>
        (Hole > 0 && Hole == holeBefore) || (LostSnapshot > 0 && LostSnapshot == lostBefore);

    /// <summary>Restores the snapshot; false where a segment of it is missing or not whole.</summary>
    internal bool Snapshot(byte[] bytes, Func<int, byte[]?> segments)
    {
        if (group.Restore(bytes, segments))
            return true;
        LostSnapshot = group.Sequence;
        return false;
    }

    /// <summary>Applies the next event, unless something is wrong with it.</summary>
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

    /// <summary>
    /// Whether the replay may count, where <paramref name="newest"/> is the highest number of the journal.
    /// </summary>
    internal bool IsWhole(long newest) => newest == group.Sequence;

    /// <summary>
    /// The last event that may be deleted once the snapshot of an event is durable; 0 = none. The event itself stays:
    /// the fence compares with it.
    /// </summary>
    internal static long LastDeletable(long snapshot) => snapshot - 1;

    /// <summary>Segments of snapshots below this event may be deleted once the snapshot is durable.</summary>
    internal static long SegmentsDeletableBelow(long snapshot) => snapshot;
}

/// <summary>What came of an event in a replay.</summary>
enum ReplayedEvent
{
    /// <summary>It was applied.</summary>
    Applied,

    /// <summary>An event before it is missing: another incarnation deleted it, or the journal is damaged.</summary>
    Hole,

    /// <summary>Its bytes differ from those that were written.</summary>
    Damaged,

    /// <summary>It was written behind another event than the one that was read before it.</summary>
    Foreign,
}
