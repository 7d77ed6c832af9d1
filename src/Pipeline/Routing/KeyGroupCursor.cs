using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// How far one key group is with one side of a partition, as far as the router knows. In the order of offsets:
/// acknowledged,
/// sent and not acknowledged, gathered for the next batch.
/// <para>
/// Invariants. Batches that are not acknowledged end in ascending order, above the acknowledged offset and at or below
/// <see cref="NextFrom"/>.
/// </para>
/// </summary>
sealed class KeyGroupCursor
{
    readonly Queue<(long First, long To)> _unacknowledged = new();

    /// <summary>The records that wait to be sent; their batch begins at <see cref="NextFrom"/>.</summary>
    internal RecordBatchWriter Gathered { get; } = new();

    /// <summary>The offset of the first gathered record, where there is one.</summary>
    internal long FirstGathered { get; set; }

    /// <summary>Where the next batch begins: the end of the last one that was sent.</summary>
    internal long NextFrom { get; private set; }

    /// <summary>
    /// This key group has acknowledged everything below it: it has journaled it, and its rows are out. -1 until it
    /// answered for the first time.
    /// </summary>
    internal long AcknowledgedOffset { get; private set; } = -1;

    /// <summary>How far the partition had moved time when the group answered last.</summary>
    internal AppliedTime Journaled { get; set; } = AppliedTime.None;

    /// <summary>
    /// Whether nothing of the partition is gathered for this group, nor waits for its acknowledgement.
    /// </summary>
    internal bool IsClear => _unacknowledged.Count == 0 && Gathered.Count == 0;

    /// <summary>
    /// Below it the group has acknowledged every record that it got; long.MaxValue where it has acknowledged all.
    /// </summary>
    internal long FirstUnacknowledged
    {
        get
        {
            if (IsClear)
                return long.MaxValue;
            var first = _unacknowledged.TryPeek(out var batch) ? batch.First : FirstGathered;
            return Math.Max(first, AcknowledgedOffset);
        }
    }

    /// <summary>
    /// The group has acknowledged everything below an offset, or more: this offset may be an old one.
    /// </summary>
    internal void Acknowledge(long offset)
    {
        AcknowledgedOffset = Math.Max(AcknowledgedOffset, offset);
        while (_unacknowledged.TryPeek(out var batch) && batch.To <= AcknowledgedOffset)
            _unacknowledged.Dequeue();
    }

    /// <summary>
    /// The group has applied less than was known: its journal was rolled back. -1 = it is to be asked anew.
    /// </summary>
    internal void FallBackTo(long offset) => (AcknowledgedOffset, Journaled) = (offset, AppliedTime.None);

    /// <summary>
    /// What was gathered is sent, as a batch of everything below an offset that belongs to the group.
    /// </summary>
    internal void Sent(long to)
    {
        // What the group has acknowledged already is not awaited. If that answer were lost, nobody would ask for it
        // again.
        if (to > AcknowledgedOffset)
            _unacknowledged.Enqueue((FirstGathered, to));
        NextFrom = to;
        Gathered.Begin(to);
        Invariant.Holds(
            AreInOrder(),
            "batches that are not acknowledged end in ascending order, above the acknowledged offset and at or below the next one");
    }

    /// <summary>Reading starts again at an offset: whatever was gathered or sent counts no more.</summary>
    internal void RestartAt(long offset)
    {
        NextFrom = offset;
        Gathered.Begin(offset);
        _unacknowledged.Clear();
    }

    bool AreInOrder()
    {
        var before = AcknowledgedOffset;
        foreach (var (_, to) in _unacknowledged)
        {
            if (to <= before || to > NextFrom)
                return false;
            before = to;
        }

        return true;
    }
}
