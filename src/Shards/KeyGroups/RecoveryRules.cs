namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// The rules of a key group's replay, as pure code. Snapshot, highest number and events are read one after the other, and another
/// incarnation may write, snapshot and delete in between. So a replay counts only if every event from the snapshot on was there and the
/// last one applied is the newest of the journal; otherwise it begins again from the newest snapshot, having sent and written nothing.
/// </summary>
sealed class RecoveryRules(KeyGroup group)
{
    /// <summary>The event that is missing, or 0.</summary>
    internal long Hole { get; private set; }

    /// <summary>
    /// Whether the hole is damage: the recovery before found it at the same place. A hole that another incarnation's deletion made is gone
    /// by then, since what it deletes lies before its snapshot.
    /// </summary>
    internal bool IsDamaged(long holeBefore) => Hole > 0 && Hole == holeBefore;

    internal void Snapshot(byte[] bytes) => group.Restore(bytes);

    /// <summary>Takes the next event in; false where one is missing before it.</summary>
    internal bool Event(long sequence, byte[] bytes)
    {
        if (sequence != group.Sequence + 1)
        {
            Hole = group.Sequence + 1;
            return false;
        }

        group.Apply(sequence, bytes);
        return true;
    }

    /// <summary>Whether the replay may count, where <paramref name="newest"/> is the highest number of the journal.</summary>
    internal bool IsWhole(long newest) => newest == group.Sequence;

    /// <summary>
    /// What may be deleted of the journal once a snapshot is durable, 0 = nothing. Its newest row never is: the fence compares with it.
    /// </summary>
    internal static long DeletableThrough(long snapshot) => snapshot - 1;
}
