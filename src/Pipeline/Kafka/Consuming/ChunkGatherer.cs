using System.Diagnostics;
using AkkaJoin.Pipeline.Kafka.Native;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Shards.Checks;

namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>
/// Gathers the records of each partition into chunks and offers them to the stream. A chunk is offered when it is full,
/// when its first record has lingered, or when nothing more is to be read. Used by the consumer's thread.
/// <example>
/// With a linger of 2 ms, a record comes at 10.0 ms, one at 10.5 ms, and then none: both leave as one chunk at 12.0 ms.
/// If the broker's answer holds a thousand more records, chunks of 64 KiB leave as they fill.
/// </example>
/// </summary>
sealed unsafe class ChunkGatherer(ConsumerSettings settings, ChunkHandover handover, LogSigns signs)
{
    bool _lacksDemand;
    bool _pausesMayDiffer;

    /// <summary>
    /// Whether a partition may have to be paused or resumed since the last call: one ended, or its chunk was taken
    /// after all.
    /// </summary>
    internal bool ClearPausesMayDiffer()
    {
        var differ = _pausesMayDiffer;
        _pausesMayDiffer = false;
        return differ;
    }

    /// <summary>
    /// Whether the stream took too little since the last call: a partition went above its limit, or there was no room
    /// for a chunk.
    /// </summary>
    internal bool ClearLacksDemand()
    {
        var lacks = _lacksDemand;
        _lacksDemand = false;
        return lacks;
    }

    /// <summary>Copies a record that librdkafka delivered into the open chunk of its partition.</summary>
    internal void Append(ConsumedPartition partition, NativeMessage* message)
    {
        if (message->Offset < partition.Position)
            return; // read again after a seek
        if (message->Offset >= partition.End)
        {
            ReachEnd(partition);
            return;
        }

        if (partition.Open.IsTooFullFor(message))
            Flush(partition);
        if (partition.Open.Count == 0)
            signs.LookAtEpoch(partition, message); // once for each chunk is enough to see
        partition.Open.Append(message);
        partition.Advance(message->Offset + 1);
        if (partition.Position >= partition.End)
            ReachEnd(partition);
        else if (partition.Open.IsFull)
            Flush(partition);
    }

    /// <summary>The log of a partition ends at this offset for now.</summary>
    internal void ReachLogEnd(ConsumedPartition partition, long offset)
    {
        if (offset >= partition.End)
            ReachEnd(partition);
        else if (offset != partition.Position || partition.EndNotice != EndNotice.Told)
            partition.ReachLogEnd(offset, Stopwatch.GetTimestamp()); // told with what else was read
    }

    /// <summary>A partition of a bounded run has all records below its end.</summary>
    internal void ReachEnd(ConsumedPartition partition)
    {
        partition.ReachEnd();
        _pausesMayDiffer = true;
        Flush(partition);
    }

    /// <summary>
    /// How long the oldest open chunk still waits for more records, ms; 0 or less = there is none, or it is due. An
    /// answer of the broker comes in pieces, partition by partition: a short wait makes one burst of it.
    /// </summary>
    internal int LingerLeftMs(IReadOnlyList<ConsumedPartition> partitions)
    {
        var oldest = long.MaxValue;
        foreach (var partition in partitions)
        {
            if (partition is { IsBlocked: false, Open.Count: > 0 })
                oldest = Math.Min(oldest, partition.Open.Since);
        }

        return oldest == long.MaxValue ? 0 : settings.ChunkLingerMs - (int)Stopwatch.GetElapsedTime(oldest).TotalMilliseconds;
    }

    /// <summary>Offers what has lingered, and what was blocked.</summary>
    internal void FlushDue(IReadOnlyList<ConsumedPartition> partitions)
    {
        var now = Stopwatch.GetTimestamp();
        var linger = settings.ChunkLingerMs * Stopwatch.Frequency / 1_000;
        foreach (var partition in partitions)
        {
            if (partition.IsBlocked || (partition.HasNews && now - partition.NewsSince >= linger))
                Flush(partition);
        }
    }

    /// <summary>Offers everything: there is nothing more to read for now. The last chunk says so.</summary>
    internal void FlushAll(IReadOnlyList<ConsumedPartition> partitions)
    {
        ConsumedPartition? last = null;
        foreach (var partition in partitions)
        {
            if (!partition.HasNews)
                continue;
            if (last is not null)
                Flush(last);
            last = partition;
        }

        if (last is not null)
            Flush(last, isLast: true);
    }

    void Flush(ConsumedPartition partition, bool isLast = false)
    {
        if (!partition.HasNews)
            return;
        Invariant.Holds(
            partition.State is not (ConsumedState.Uncommitted or ConsumedState.Waiting or ConsumedState.Seeking),
            "a partition that was not read yet, or seeks, has nothing to emit");
        if (!handover.HasRoom)
        {
            partition.IsBlocked = true;
            _lacksDemand = true;
            return;
        }

        var logEnd = signs.LogEnd(partition);

        // librdkafka tells of an end only where an answer holds nothing of the partition, so the end that it heard of
        // last counts too. A bounded run has an end of its own, which the last answer may not know yet.
        var atEnd = partition.EndNotice == EndNotice.Due || (!partition.IsBounded && logEnd >= 0 && partition.Position >= logEnd);
        var result = handover.Offer(partition, partition.Open.Build(partition, partition.Position, atEnd, logEnd, isLast));
        partition.Emitted(atEnd);
        _lacksDemand |= result == OfferResult.AddedOverLimit;
        if (partition.IsBlocked)
        {
            partition.IsBlocked = false;
            _pausesMayDiffer = true;
        }
    }
}
