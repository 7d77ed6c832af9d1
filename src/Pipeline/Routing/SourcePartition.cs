using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>A partition that this node reads.</summary>
sealed class SourcePartition
{
    readonly Queue<Checkpoint> _credits = new();
    long _credit;
    long _creditMax = long.MaxValue;

    // As the source sees it: set above the limit, cleared below half of it.
    bool _isOverCredit;

    internal SourcePartition(PartitionStart start, SidePartition[] sides)
    {
        Start = start;
        Sides = sides;
        Generation = start.Generation;
        Position = start.CommittedOffset;
        BeganAt = start.CommittedOffset;
        Committed = start.CommittedOffset;
        NewestLogEnd = start.LogEndOffset;
    }

    internal PartitionStart Start { get; }

    internal string Topic => Start.Topic;

    internal int Partition => Start.Partition;

    /// <summary>One, or two where left and right are one topic.</summary>
    internal SidePartition[] Sides { get; }

    /// <summary>What became of its records on a side; nothing where the topic is not that side's.</summary>
    internal SideFates FatesOf(Side side)
    {
        foreach (var each in Sides)
        {
            if (each.Id.Side == side)
                return each.Fates;
        }

        return default;
    }

    /// <summary>Where key groups begin that do not know the partition. Where nobody knows it, at 0: not one record may be passed over.</summary>
    internal long Origin => Math.Max(Start.Origin, 0);

    /// <summary>Whether a key group does not know the partition, and nobody knows where the join began with it.</summary>
    internal bool HasLostOrigin(long covered) => Start.Origin < 0 && covered <= 0 && Start.CommittedOffset > 0;

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

    /// <summary>
    /// Chunks that came while <see cref="AwaitsDeadLetters"/>, or while the partition is too far ahead in event time. Their credit has not gone back, so
    /// the source pauses the partition when they are many: its credit bounds them.
    /// </summary>
    internal Queue<RecordChunk> Waiting { get; } = new();

    /// <summary>The end of the log as the consumer heard of it last.</summary>
    internal long NewestLogEnd { get; set; }

    /// <summary>Why it is not read on.</summary>
    internal PauseReason PausedBy =>
        AwaitsDeadLetters ? PauseReason.DeadLetters : Waiting.Count > 0 ? PauseReason.Drift : _isOverCredit ? PauseReason.Credit : PauseReason.None;

    /// <summary>When records of it came last, or its reading began.</summary>
    internal long HeardAtMs { get; set; }

    /// <summary>Whether there was nothing more to read at the position when the last chunk was made.</summary>
    internal bool IsAtLogEnd { get; set; }

    /// <summary>When it was at its log end last.</summary>
    internal long AtLogEndMs { get; set; } = long.MinValue / 2;

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

    /// <summary>
    /// The watermark of what was read; in a self-join that of the slower side which has one, since both read the same records. <see cref="SideWatermarks.None"/> where no
    /// record had a time.
    /// </summary>
    internal long Progress(long maxOutOfOrdernessMs)
    {
        var lowest = long.MaxValue;
        foreach (var side in Sides)
        {
            if (side.Watermark(maxOutOfOrdernessMs) is > SideWatermarks.None and var watermark)
                lowest = Math.Min(lowest, watermark);
        }

        return lowest == long.MaxValue ? SideWatermarks.None : lowest;
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
    internal void Hold(long to, int bytes, long limit)
    {
        _credits.Enqueue(new Checkpoint(to, 0, bytes));
        _creditMax = limit;
        _credit += bytes;
        _isOverCredit |= _credit > limit;
    }

    /// <summary>The credit of what every side's key groups have acknowledged.</summary>
    internal long TakeCredit()
    {
        var through = Acknowledged;
        var bytes = 0L;
        while (_credits.TryPeek(out var credit) && credit.To <= through)
            bytes += _credits.Dequeue().Credit;
        _credit -= bytes;
        _isOverCredit &= _credit >= _creditMax / 2;
        return bytes;
    }

    /// <summary>Begins anew at an offset.</summary>
    internal void Begin(long offset, long nowMs)
    {
        HeardAtMs = nowMs;
        IsAtLogEnd = offset >= Start.LogEndOffset;
        _credits.Clear();
        _credit = 0;
        _isOverCredit = false;
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
