using AkkaJoin.Pipeline.Kafka;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>A partition that this node reads.</summary>
sealed class SourcePartition
{
    readonly Queue<Checkpoint> _credits = new();

    internal SourcePartition(PartitionStart start, SidePartition[] sides)
    {
        Start = start;
        Sides = sides;
        Generation = start.Generation;
        Position = start.CommittedOffset;
        BeganAt = start.CommittedOffset;
        Committed = start.CommittedOffset;
    }

    internal PartitionStart Start { get; }

    internal string Topic => Start.Topic;

    internal int Partition => Start.Partition;

    /// <summary>One, or two where left and right are one topic.</summary>
    internal SidePartition[] Sides { get; }

    internal int Generation { get; set; }

    internal PartitionPhase Phase { get; set; }

    /// <summary>The offset at which reading began; ticks say so.</summary>
    internal long BeganAt { get; set; }

    /// <summary>Everything below it is decoded and lies in the batches of its key groups.</summary>
    internal long Position { get; set; }

    /// <summary>The last offset handed to the committer.</summary>
    internal long Committed { get; set; }

    /// <summary>Whether a bounded run has read all it is to read.</summary>
    internal bool AtEnd { get; set; }

    /// <summary>Whether dead letters below the position are not acknowledged: until then no batch that covers them may go.</summary>
    internal bool AwaitsDeadLetters { get; set; }

    /// <summary>Chunks that came while <see cref="AwaitsDeadLetters"/>; bounded by the partition's credit.</summary>
    internal Queue<RecordChunk> Waiting { get; } = new();

    /// <summary>Told the offset to commit when the partition may leave.</summary>
    internal TaskCompletionSource<long>? Left { get; set; }

    /// <summary>What is waited for before a partition may leave: nothing on the way to a key group.</summary>
    internal bool IsClear
    {
        get
        {
            if (AwaitsDeadLetters || Waiting.Count > 0)
                return false;
            foreach (var side in Sides)
            {
                foreach (var cursor in side.Cursors)
                {
                    if (!cursor.IsClear)
                        return false;
                }
            }

            return true;
        }
    }

    /// <summary>The lowest of the sides' highest event times: how far the partition has come.</summary>
    internal long EventTime
    {
        get
        {
            var lowest = long.MaxValue;
            foreach (var side in Sides)
                lowest = Math.Min(lowest, side.MaxEventTime);
            return lowest;
        }
    }

    /// <summary>Whether there is credit that may be given back.</summary>
    internal bool HoldsCredit => _credits.TryPeek(out var credit) && credit.To <= Acknowledged;

    long Acknowledged
    {
        get
        {
            var through = long.MaxValue;
            foreach (var side in Sides)
                through = Math.Min(through, side.AcknowledgedThrough);
            return through;
        }
    }

    /// <summary>Remembers the credit of a chunk.</summary>
    internal void Hold(long to, int bytes) => _credits.Enqueue(new Checkpoint(to, 0, bytes));

    /// <summary>The credit of what every side's key groups have acknowledged.</summary>
    internal long TakeCredit()
    {
        var through = Acknowledged;
        var bytes = 0L;
        while (_credits.TryPeek(out var credit) && credit.To <= through)
            bytes += _credits.Dequeue().Credit;
        return bytes;
    }

    internal void Begin(long offset)
    {
        _credits.Clear();
        Waiting.Clear();
        AwaitsDeadLetters = false;
        BeganAt = offset;
        Position = offset;
        AtEnd = false;
        foreach (var side in Sides)
            side.Begin(offset);
    }

    /// <summary>The offset below which every key group of every side has everything, or -1.</summary>
    internal long CoveredByAll()
    {
        var covered = long.MaxValue;
        foreach (var side in Sides)
            covered = Math.Min(covered, side.CoveredByAll());
        return covered;
    }
}
