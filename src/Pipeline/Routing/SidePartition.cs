using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// A source partition as one side of the join sees it: its watermark, and how far each key group is with it. In a self-join a partition
/// has two of them.
/// </summary>
sealed class SidePartition
{
    readonly Queue<Checkpoint> _checkpoints = new();

    internal SidePartition(PartitionId id, int partitionCount, int groups)
    {
        Id = id;
        PartitionCount = partitionCount;
        Cursors = new GroupCursor[groups];
        for (var i = 0; i < groups; i++)
            Cursors[i] = new GroupCursor();
    }

    internal PartitionId Id { get; }

    internal int PartitionCount { get; }

    internal GroupCursor[] Cursors { get; }

    /// <summary>The highest event time below the position; long.MinValue where none was seen.</summary>
    internal long MaxEventTime { get; set; } = long.MinValue;

    /// <summary>The offset of the record that has it.</summary>
    internal long MaxEventTimeOffset { get; private set; }

    /// <summary>What became of the records read for this side.</summary>
    internal SideFates Fates { get; set; }

    /// <summary>The prefix that all key groups have acknowledged, at a checkpoint.</summary>
    internal long AcknowledgedThrough { get; private set; }

    /// <summary>The watermark of the records below <see cref="AcknowledgedThrough"/>.</summary>
    internal long AcknowledgedWatermark { get; private set; } = SideWatermarks.None;

    /// <summary>What the last tick said.</summary>
    internal long TickedThrough { get; set; } = -1;

    /// <summary>The watermark of the records below the position.</summary>
    internal long Watermark(long maxOutOfOrdernessMs) =>
        MaxEventTime == long.MinValue ? SideWatermarks.None : MaxEventTime - maxOutOfOrdernessMs;

    /// <summary>A record was read.</summary>
    internal void Saw(long eventTime, long offset)
    {
        if (eventTime > MaxEventTime)
            (MaxEventTime, MaxEventTimeOffset) = (eventTime, offset);
    }

    /// <summary>Begins anew at an offset.</summary>
    internal void Begin(long offset)
    {
        _checkpoints.Clear();
        MaxEventTime = long.MinValue;
        AcknowledgedThrough = offset;
        AcknowledgedWatermark = SideWatermarks.None;
        TickedThrough = offset;
        foreach (var cursor in Cursors)
        {
            cursor.NextFrom = offset;
            cursor.Builder.Begin(offset);
            cursor.Outstanding.Clear();
        }
    }

    /// <summary>The position moved.</summary>
    internal void Reached(long position, long watermark) => _checkpoints.Enqueue(new Checkpoint(position, watermark, 0));

    /// <summary>Moves the acknowledged prefix up. Returns whether it moved.</summary>
    internal bool Acknowledge(long position)
    {
        var prefix = position;
        foreach (var cursor in Cursors)
        {
            if (!cursor.IsClear)
                prefix = Math.Min(prefix, cursor.Covered);
        }

        var moved = false;
        while (_checkpoints.TryPeek(out var checkpoint) && checkpoint.To <= prefix)
        {
            _checkpoints.Dequeue();
            AcknowledgedThrough = checkpoint.To;
            AcknowledgedWatermark = checkpoint.Watermark;
            moved = true;
        }

        return moved;
    }

    /// <summary>The offset below which every key group has journaled everything, or -1.</summary>
    internal long CoveredByAll()
    {
        var covered = long.MaxValue;
        foreach (var cursor in Cursors)
            covered = Math.Min(covered, cursor.Covered);
        return covered;
    }

    /// <summary>A tick of nothing: a question to one that has acknowledged everything below an offset.</summary>
    internal Tick Question(long covered, int generation) => new(Id, PartitionCount, covered, covered, SideWatermarks.None, generation);

    internal Tick Tick(long beganAt, int generation) =>
        new(Id, PartitionCount, beganAt, AcknowledgedThrough, AcknowledgedWatermark, generation);
}
