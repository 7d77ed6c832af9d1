using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;

namespace AkkaJoin.Shards.Protocol;

/// <summary>
/// What holds of every message that an honest node sends. A node that is damaged, of another version or in foreign hands may send anything, and what is journaled is applied
/// at every start: so a message is looked at when it is offered. Replay looks at nothing: a journal that holds worse must stay readable.
/// </summary>
static class PeerChecks
{
    /// <summary>The most partitions of a topic.</summary>
    internal const int PartitionsMax = 100_000;

    // Each side of a join reads one topic.
    const int TopicsOfSide = 1;

    // A watermark lies below the highest event time, by no more than an event time is large.
    const long WatermarkMin = 2 * TimeLimits.Min;

    // Offsets are counted on from: none may come near the end of a number.
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
            Check(tick.Partition, tick.PartitionCount, tick.From, tick.Through, tick.Watermark);
    }

    /// <summary>
    /// Time is closed no further than what is left to come of all that the group knows: the highest time that it has heard of, the window, and how far records may be out
    /// of order, twice over. Beyond that there is nothing to close, and every record to come would be late.
    /// </summary>
    /// <exception cref="MalformedBatchException">No node sends such a message to this key group.</exception>
    internal static CloseTime Bounded(CloseTime message, KeyGroup group)
    {
        CheckGroup(message.Group, group.Number);
        CheckTime(message.Left);
        CheckTime(message.Right);
        var max = HighestToClose(group);
        return message with { Left = Math.Min(message.Left, max), Right = Math.Min(message.Right, max) };
    }

    /// <summary>Whether an answer of a key group can be one: of a group that there is, about offsets that there are.</summary>
    internal static bool IsAnswer(GroupAck message, int groups) =>
        (uint)message.Group < (uint)groups && Array.TrueForAll(message.Items, item => item.Through is >= 0 and < OffsetMax);

    /// <inheritdoc cref="IsAnswer(GroupAck, int)"/>
    internal static bool IsAnswer(GroupGap message, int groups) =>
        (uint)message.Group < (uint)groups && message.CoveredThrough is >= 0 and < OffsetMax;

    /// <inheritdoc cref="IsAnswer(GroupAck, int)"/>
    internal static bool IsAnswer(GroupFellBack message, int groups) =>
        (uint)message.Group < (uint)groups && Array.TrueForAll(message.Covered, item => item.Through is >= 0 and < OffsetMax)
        && message.Covered.DistinctBy(item => item.Partition).Count() == message.Covered.Length;

    /// <summary>Whether another node's floor is a time: sums with it must not overflow.</summary>
    internal static bool IsFloor(NodeFloor message) => message.Floor is >= SideWatermarks.None and <= SideWatermarks.End;

    static long HighestToClose(KeyGroup group)
    {
        var highest = group.HighestOffered;
        foreach (var clock in group.Clocks.Known.Values)
            highest = Math.Max(highest, clock.Watermark);
        if (highest <= SideWatermarks.None)
            return SideWatermarks.None;
        var definition = group.Definition ?? group.Configured;
        return highest + definition.MaxOutOfOrdernessMs + (2 * (Math.Abs(definition.BeforeMs) + Math.Abs(definition.AfterMs))) + 1;
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

    static void CheckGroup(int named, int group)
    {
        if (named != group)
            throw new MalformedBatchException($"a message to key group {named}");
    }
}
