using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// Watermark alignment, as Flink has it: holds back a partition that runs ahead in event time. A record stays in the
/// state until the other side's time has passed it. So whatever one partition is read ahead of the slowest makes the
/// state larger, and a backlog could explode it.
/// <para>
/// The aligned watermark is the lowest watermark of the cluster: that of the slowest partition, on whatever node, that
/// has something to read. A partition whose watermark is above it by more than max-drift waits. Four kinds hold nothing
/// back: a partition at its log end (it says nothing of what is to come), one that may be read but sent nothing for a
/// while (its broker may be away), one that somebody paused, and a node that is silent.
/// </para>
/// <para>
/// Example, max-drift 5 min: impressions/0 stands at 12:00, impressions/1 at 12:09, plays/0 at 12:03. The aligned
/// watermark is 12:00, and impressions/1 waits until it is 12:04.
/// </para>
/// <para>
/// Invariants. The slowest partition that holds others back is never ahead itself: so reading never stops altogether.
/// The aligned watermark of this node's cluster is at or below the watermark of each of its own partitions that hold
/// others back. (What another node said may be old. Its watermark has risen since, so the old one holds back a moment
/// longer, not for ever.)
/// </para>
/// </summary>
/// <param name="maxDriftMs">How far a partition may be above the aligned watermark, ms; null = without limit.</param>
/// <param name="maxOutOfOrdernessMs">How far watermarks stay below the highest event time, ms.</param>
/// <param name="partitions">The partitions that this node reads, as they are at each moment.</param>
sealed class WatermarkAlignment(long? maxDriftMs, long maxOutOfOrdernessMs, IReadOnlyCollection<SourcePartition> partitions)
{
    /// <summary>The aligned watermark where nothing holds anything back.</summary>
    internal const long NoLimit = SideWatermarks.End;

    /// <summary>
    /// A node, or a partition that may be read, holds nothing back any more once it was silent for this long, ms.
    /// </summary>
    internal const int SilenceMs = 5_000;

    /// <summary>
    /// A partition counts as being at its log end for this long after it was there, ms. A live one is there again and
    /// again: one record that waits to be read makes no backlog.
    /// </summary>
    internal const int LiveMs = 1_000;

    readonly Dictionary<string, (long Watermark, long HeardAtMs)> _nodes = [];
    long _aligned = NoLimit;

    // Until then the aligned watermark is as it was computed, unless something that it depends on changed: then it is
    // in the past.
    long _alignedUntilMs = long.MinValue;

    /// <summary>Whether partitions are aligned at all.</summary>
    internal bool IsOn => maxDriftMs is not null;

    /// <summary>
    /// Whether a partition is too far ahead to be read on. One without a watermark is not: nobody knows where it
    /// stands.
    /// </summary>
    internal bool IsAhead(SourcePartition partition, long nowMs)
    {
        if (maxDriftMs is not { } drift)
            return false;
        var progress = partition.Progress(maxOutOfOrdernessMs);
        var isAhead = progress > SideWatermarks.None && progress > AlignedWatermark(nowMs) + drift;
        Invariant.Holds(!isAhead || !IsSlowest(partition, nowMs), "the slowest partition is never ahead");
        return isAhead;
    }

    /// <summary>
    /// The watermark of the slowest partition of this node that has something to read, or <see cref="NoLimit"/>.
    /// </summary>
    internal long OwnWatermark(long nowMs)
    {
        var lowest = NoLimit;
        foreach (var partition in partitions)
        {
            if (HoldsOthersBack(partition, nowMs))
                lowest = Math.Min(lowest, partition.Progress(maxOutOfOrdernessMs));
        }

        return lowest;
    }

    /// <summary>Another node told its own watermark.</summary>
    internal void Heard(string node, long watermark, long nowMs)
    {
        _nodes[node] = (watermark, nowMs);
        Changed();
    }

    /// <summary>Which other nodes there are: what a node said that is gone does not count.</summary>
    internal void KeepNodes(IReadOnlyCollection<string> others)
    {
        foreach (var gone in _nodes.Keys.Where(node => !others.Contains(node)).ToList())
        {
            _nodes.Remove(gone);
            Changed();
        }
    }

    /// <summary>Something that the aligned watermark depends on changed: a partition moved, came or went.</summary>
    internal void Changed() => _alignedUntilMs = long.MinValue;

    long AlignedWatermark(long nowMs)
    {
        if (nowMs > _alignedUntilMs)
        {
            _aligned = OwnWatermark(nowMs);
            foreach (var (watermark, heardAtMs) in _nodes.Values)
            {
                if (nowMs - heardAtMs < SilenceMs)
                    _aligned = Math.Min(_aligned, watermark);
            }

            _alignedUntilMs = nowMs;
        }

        Invariant.Holds(_aligned <= OwnWatermark(nowMs), "the aligned watermark is at or below every partition that holds others back");
        return _aligned;
    }

    // Of all nodes.
    bool IsSlowest(SourcePartition partition, long nowMs) =>
        HoldsOthersBack(partition, nowMs) && partition.Progress(maxOutOfOrdernessMs) <= AlignedWatermark(nowMs);

    /// <summary>Whether a partition has something to read, so that others may not run ahead of it.</summary>
    internal static bool HoldsOthersBack(SourcePartition partition, long nowMs)
    {
        if (partition.Phase != PartitionPhase.Reading || partition.IsPaused)
            return false;
        var isAtEnd = partition.IsAtLogEnd && partition.Undecoded.Count == 0;
        if (isAtEnd || nowMs - partition.AtLogEndMs < LiveMs)
            return false;

        // Where something of it is on its way to a key group, it is the join that is slow, and not the partition's
        // broker.
        return nowMs - partition.HeardAtMs < SilenceMs || !partition.IsClear;
    }
}
