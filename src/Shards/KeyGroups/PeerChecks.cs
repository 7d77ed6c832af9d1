using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// Checks the messages of other nodes. A node that is damaged, of another version or in foreign hands may send
/// anything, and an event that is journaled is applied at every start. So a message is checked before it is accepted,
/// and a malformed one is refused. A replay checks nothing: a journal that already holds something worse must stay
/// readable.
/// </summary>
static class PeerChecks
{
    /// <summary>The most partitions of a topic.</summary>
    internal const int PartitionsMax = 100_000;

    // Each side of a join reads one topic.
    const int TopicsOfSide = 1;

    // A watermark is an event time minus an out-of-orderness, which is no larger than an event time.
    const long WatermarkMin = 2 * TimeLimits.Min;

    // Sums of offsets must not overflow.
    const long OffsetMax = 1L << 62;

    /// <exception cref="MalformedBatchException">No node sends such a message to this key group.</exception>
    internal static void Check(Deliver message, int group)
    {
        CheckGroup(message.Group, group);
        foreach (var start in EventCodec.Starts(message.Batches, 0))
        {
            var header = BatchHeader.Read(message.Batches.AsSpan(start));
            Check(header.PartitionId, header.PartitionCount, header.From, header.To, header.Watermark);
        }
    }

    /// <exception cref="MalformedBatchException">No node sends such a message to this key group.</exception>
    internal static void Check(DeliverTicks message, int group)
    {
        CheckGroup(message.Group, group);
        foreach (var tick in message.Ticks)
        {
            Check(tick.Partition, tick.PartitionCount, tick.From, tick.To, tick.Watermark);
            CheckClock(tick);
        }
    }

    /// <summary>
    /// Limits the end of input to the last time at which a row can come due: the highest time that the group has heard
    /// of, plus twice the window. It heard of times by watermarks, which are lower by the out-of-orderness, and by
    /// records, which may be above all watermarks (max-jump). Beyond that nothing is due, and every record to come
    /// would be late.
    /// </summary>
    /// <exception cref="MalformedBatchException">No node sends such a message to this key group.</exception>
    internal static EndInput Bounded(EndInput message, KeyGroup group)
    {
        CheckGroup(message.Group, group.Number);
        CheckTime(message.Left);
        CheckTime(message.Right);
        var max = HighestEnd(group);
        return message with { Left = Math.Min(message.Left, max), Right = Math.Min(message.Right, max) };
    }

    /// <summary>
    /// Whether an answer comes from a key group of the join and names possible offsets.
    /// </summary>
    internal static bool IsAnswer(KeyGroupAck message, int groups) =>
        (uint)message.Group < (uint)groups && Array.TrueForAll(message.Items, item => item.Offset is >= 0 and < OffsetMax)
        && (message.Times.Length == 0 || message.Times.Length == message.Items.Length)
        && Array.TrueForAll(
            message.Times,
            time => time is { HighestMs: >= SideWatermarks.None and <= SideWatermarks.End, AppliedOffset: >= 0 and < OffsetMax });

    /// <inheritdoc cref="IsAnswer(KeyGroupAck, int)"/>
    internal static bool IsAnswer(KeyGroupGap message, int groups) =>
        (uint)message.Group < (uint)groups && message.ExpectedOffset is >= 0 and < OffsetMax;

    /// <inheritdoc cref="IsAnswer(KeyGroupAck, int)"/>
    internal static bool IsAnswer(KeyGroupFellBack message, int groups) =>
        (uint)message.Group < (uint)groups && Array.TrueForAll(message.Applied, item => item.Offset is >= 0 and < OffsetMax)
        && message.Applied.DistinctBy(item => item.Partition).Count() == message.Applied.Length;

    /// <summary>Whether another node's watermark is a time: sums with it must not overflow.</summary>
    internal static bool IsNodeWatermark(NodeWatermark message) => message.Watermark is >= SideWatermarks.None and <= SideWatermarks.End;

    static long HighestEnd(KeyGroup group)
    {
        var highest = group.HighestOffered;
        foreach (var clock in group.Clocks.Known.Values)
            highest = Math.Max(highest, clock.MovedWatermark);
        var definition = group.Definition ?? group.Configured;
        if (highest > SideWatermarks.None)
            highest += definition.MaxOutOfOrdernessMs;
        highest = Math.Max(highest, group.HighestTime);
        if (highest <= SideWatermarks.None)
            return SideWatermarks.None;
        return highest + (2 * (Math.Abs(definition.BeforeMs) + Math.Abs(definition.AfterMs))) + 1;
    }

    static void Check(PartitionId partition, int count, long from, long to, long watermark)
    {
        if (partition.Source is < 0 or >= TopicsOfSide)
            throw new MalformedBatchException($"topic {partition.Source} of a side that reads {TopicsOfSide}");
        if (count > PartitionsMax || (uint)partition.Partition >= (uint)count)
            throw new MalformedBatchException($"partition {partition.Partition} of {count}");
        if (from < 0 || from > to || to >= OffsetMax)
            throw new MalformedBatchException($"offsets [{from}, {to})");
        CheckTime(watermark);
    }

    static void CheckTime(long watermark)
    {
        if (watermark is not (SideWatermarks.None or BatchHeader.NoWatermark or (>= WatermarkMin and <= TimeLimits.Max)))
            throw new MalformedBatchException($"the watermark {watermark}");
    }

    // Of a claim it must be known.
    static void CheckClock(in Tick tick)
    {
        if (tick.ClockMs is not ((>= TimeLimits.Min and <= TimeLimits.Max) or SideWatermarks.None)
            || (tick.IsClaim && tick.ClockMs == SideWatermarks.None))
            throw new MalformedBatchException($"the clock {tick.ClockMs}");
    }

    static void CheckGroup(int named, int group)
    {
        if (named != group)
            throw new MalformedBatchException($"a message to key group {named}");
    }
}
