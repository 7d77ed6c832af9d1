using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>A partition that this node reads.</summary>
sealed class SourcePartition
{
    /// <summary>The generation of a partition that is gone.</summary>
    internal const int NoGeneration = -1;

    readonly InFlightBytes _inFlight = new();

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

    /// <summary>The assignment, or the reading again, that what is in flight belongs to.</summary>
    internal int Generation { get; set; }

    internal PartitionPhase Phase { get; set; }

    /// <summary>Why it is not read on.</summary>
    internal PauseReason PausedBy =>
        IsPaused ? PauseReason.Order
        : AwaitsDeadLetters ? PauseReason.DeadLetters
        : Undecoded.Count > 0 ? HeldBy
        : _inFlight.IsOverLimit ? PauseReason.InFlightBytes
        : PauseReason.None;

    /// <summary>Whether somebody asked that it is not read.</summary>
    internal bool IsPaused { get; set; }

    /// <summary>Why its next chunk was not decoded when that was tried last.</summary>
    internal PauseReason HeldBy { get; set; }

    /// <summary>
    /// Where key groups begin that do not know the partition. Where nobody knows it, at 0: not one record may be passed
    /// over.
    /// </summary>
    internal long Origin => Math.Max(Start.Origin, 0);

    /// <summary>The offset at which reading began; ticks say so.</summary>
    internal long BeganAt { get; private set; }

    /// <summary>Everything below it is decoded, and gathered or sent.</summary>
    internal long Position { get; private set; }

    /// <summary>The last offset handed to the committer.</summary>
    internal long Committed { get; set; }

    /// <summary>Whether a bounded run has read all it is to read.</summary>
    internal bool AtEnd { get; private set; }

    /// <summary>
    /// Whether the broker has not yet acknowledged dead letters below the position. Until then no batch that covers
    /// them is sent.
    /// </summary>
    internal bool AwaitsDeadLetters { get; set; }

    /// <summary>
    /// Chunks that came and may not be decoded yet: see <see cref="ReadGate"/>. The limit of bytes in flight bounds
    /// them.
    /// </summary>
    internal Queue<RecordChunk> Undecoded { get; } = new();

    /// <summary>The end of the log as the consumer heard of it last.</summary>
    internal long NewestLogEnd { get; set; }

    /// <summary>When records of it came last, or its reading began.</summary>
    internal long HeardAtMs { get; set; }

    /// <summary>Whether there was nothing more to read at the position when the last chunk was made.</summary>
    internal bool IsAtLogEnd { get; set; }

    /// <summary>When it was at its log end last.</summary>
    internal long AtLogEndMs { get; set; } = long.MinValue / 2;

    /// <summary>Told the offset to commit when the partition goes.</summary>
    internal TaskCompletionSource<long>? Revocation { get; set; }

    /// <summary>
    /// Whether nothing of it waits to be decoded, to be sent, or for an acknowledgement: then a revoked partition may
    /// go.
    /// </summary>
    internal bool IsClear => Undecoded.Count == 0 && IsSent;

    /// <summary>Whether nothing of what was decoded waits to be sent or for an acknowledgement.</summary>
    internal bool IsSent
    {
        get
        {
            if (AwaitsDeadLetters)
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

    /// <summary>Whether its next record would be read and decoded as soon as it came.</summary>
    internal bool IsReadable => Phase == PartitionPhase.Reading && PausedBy == PauseReason.None;

    /// <summary>Whether bytes are acknowledged that the source was not told of.</summary>
    internal bool HasAcknowledgedBytes => _inFlight.HasBelow(TickOffset);

    long TickOffset
    {
        get
        {
            var lowest = long.MaxValue;
            foreach (var side in Sides)
                lowest = Math.Min(lowest, side.TickOffset);
            return lowest;
        }
    }

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

    /// <summary>
    /// Whether a key group does not know the partition, and nobody knows where the join began with it.
    /// </summary>
    internal bool HasLostOrigin(long appliedOffset) => Start.Origin < 0 && appliedOffset <= 0 && Start.CommittedOffset > 0;

    /// <summary>
    /// The watermark of what was read; in a self-join that of the slower side which has one, since both read the same
    /// records. <see cref="SideWatermarks.None"/> where no record had a time.
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

    /// <summary>A chunk was decoded.</summary>
    internal void Reached(RecordChunk chunk, RouterSettings settings, long nowMs, long clockMs)
    {
        // Records that come one by one find it at its log end each time.
        var isBacklog = !IsAtLogEnd && nowMs - AtLogEndMs >= WatermarkAlignment.LiveMs;
        Position = Math.Max(Position, chunk.To);
        AtEnd |= chunk.AtEnd;
        IsAtLogEnd = chunk.AtEnd;
        if (chunk.AtEnd)
            AtLogEndMs = nowMs;
        foreach (var side in Sides)
            side.Reached(Position, side.Watermark(settings.MaxOutOfOrdernessMs), isBacklog, clockMs, nowMs);
        _inFlight.Add(Position, chunk.InFlightBytes, settings.Flow.PartitionInFlightBytesMax);
    }

    /// <summary>Nothing was heard of it until now: its silence begins anew.</summary>
    internal void HeardNothingUntil(long nowMs)
    {
        foreach (var side in Sides)
            side.Heard(nowMs);
    }

    /// <summary>Some time has passed: a jump of time that was left alone moves time.</summary>
    internal void TimePassed(long maxOutOfOrdernessMs, long nowMs, long clockMs)
    {
        var isRead = Phase == PartitionPhase.Reading && IsAtLogEnd && PausedBy == PauseReason.None;
        foreach (var side in Sides)
        {
            if (side.HasMovedAtRest(isRead, nowMs))
                side.RaiseAtRest(Position, side.Watermark(maxOutOfOrdernessMs), clockMs);
        }
    }

    /// <summary>The bytes that all key groups have acknowledged since the last call, on every side.</summary>
    internal long DequeueAcknowledgedBytes() => _inFlight.DequeueBelow(TickOffset);

    /// <summary>Reading starts, or starts again, at an offset.</summary>
    internal void RestartAt(long offset, long nowMs)
    {
        HeardAtMs = nowMs;
        IsAtLogEnd = offset >= Start.LogEndOffset;
        _inFlight.Clear();
        Undecoded.Clear();
        AwaitsDeadLetters = false;
        BeganAt = offset;
        Position = offset;
        AtEnd = false;
        foreach (var side in Sides)
        {
            side.RestartAt(offset, Origin);
            side.Heard(nowMs);
        }
    }

    /// <summary>
    /// The offset below which every key group has acknowledged everything, on every side; -1 where one has not answered
    /// yet.
    /// </summary>
    internal long AcknowledgedOffset()
    {
        var lowest = long.MaxValue;
        foreach (var side in Sides)
            lowest = Math.Min(lowest, side.AcknowledgedOffset());
        return lowest;
    }

    /// <summary>Whether every key group of every side has applied everything below an offset. For invariants.</summary>
    internal bool IsAppliedByAll(long offset) =>
        Array.TrueForAll(Sides, side => Array.TrueForAll(side.Cursors, cursor => cursor.AcknowledgedOffset >= offset));
}
