using AkkaJoin.Shards.Join;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// Holds the partitions of both sides together in event time, so that a backlog does not explode the state: a record rests until the other
/// side's time has passed it, and what one partition reads ahead of the slowest rests all that while.
/// <para>
/// The floor is the watermark of the slowest partition, of this node or another, that has something to read. A partition that is further
/// above it than max-drift waits. One at its log end holds nothing back: it says nothing of what is to come. Nor does one from which
/// nothing came for a while though it may be read (its broker may be away), or a node that says nothing.
/// </para>
/// <para>
/// It cannot stand still: the slowest partition is the floor, and never above it. What another node said may be old, but floors rise, so an old one
/// holds back for a moment more and not for ever.
/// </para>
/// </summary>
/// <param name="maxDriftMs">How far a partition may be above the floor; null = as far as it likes.</param>
/// <param name="maxOutOfOrdernessMs">How far watermarks stay below the highest event time, ms.</param>
/// <param name="partitions">The partitions that this node reads, as they are at each moment.</param>
sealed class DriftGate(long? maxDriftMs, long maxOutOfOrdernessMs, IReadOnlyCollection<SourcePartition> partitions)
{
    /// <summary>The floor where nothing holds anything back.</summary>
    internal const long NoFloor = SideWatermarks.End;

    /// <summary>How long a node, or a partition that may be read, may say nothing before it holds nothing back any more, ms.</summary>
    internal const int SilenceMs = 5_000;

    /// <summary>
    /// How long a partition counts as being at its log end after it was, ms: a live one is there again and again, and one record that waits to be
    /// read does not make a backlog.
    /// </summary>
    internal const int LiveMs = 1_000;

    readonly Dictionary<string, (long Floor, long HeardAtMs)> _nodes = [];
    long _floor = NoFloor;

    // Until then the floor is as it was computed, unless something that it depends on changed: then it is in the past.
    long _floorGoodUntilMs = long.MinValue;

    /// <summary>Whether partitions are held together at all.</summary>
    internal bool IsOn => maxDriftMs is not null;

    /// <summary>
    /// Whether a partition is too far ahead to be read on. One without a watermark is not: it is not known where it stands.
    /// </summary>
    internal bool IsAhead(SourcePartition partition, long nowMs)
    {
        if (maxDriftMs is not { } drift)
            return false;
        var progress = partition.Progress(maxOutOfOrdernessMs);
        return progress > SideWatermarks.None && progress > Floor(nowMs) + drift;
    }

    /// <summary>The watermark of the slowest partition of this node that has something to read, or <see cref="NoFloor"/>.</summary>
    internal long OwnFloor(long nowMs)
    {
        var floor = NoFloor;
        foreach (var partition in partitions)
        {
            if (HoldsOthersBack(partition, nowMs))
                floor = Math.Min(floor, partition.Progress(maxOutOfOrdernessMs));
        }

        return floor;
    }

    /// <summary>Another node said what its own floor is.</summary>
    internal void Heard(string node, long floor, long nowMs)
    {
        _nodes[node] = (floor, nowMs);
        Changed();
    }

    /// <summary>Which other nodes there are: what those said that are none any more does not count.</summary>
    internal void Keep(IReadOnlyCollection<string> others)
    {
        foreach (var gone in _nodes.Keys.Where(node => !others.Contains(node)).ToList())
        {
            _nodes.Remove(gone);
            Changed();
        }
    }

    /// <summary>Something that the floor depends on changed: a partition moved, came or went.</summary>
    internal void Changed() => _floorGoodUntilMs = long.MinValue;

    long Floor(long nowMs)
    {
        if (nowMs <= _floorGoodUntilMs)
            return _floor;
        _floor = OwnFloor(nowMs);
        foreach (var (floor, heardAtMs) in _nodes.Values)
        {
            if (nowMs - heardAtMs < SilenceMs)
                _floor = Math.Min(_floor, floor);
        }

        _floorGoodUntilMs = nowMs;
        return _floor;
    }

    static bool HoldsOthersBack(SourcePartition partition, long nowMs)
    {
        if (partition.Phase != PartitionPhase.Reading)
            return false;
        var isAtEnd = partition.IsAtLogEnd && partition.Waiting.Count == 0;
        if (isAtEnd || nowMs - partition.AtLogEndMs < LiveMs)
            return false;

        // Where something of it is on its way, it is we who are slow, and not its broker.
        return nowMs - partition.HeardAtMs < SilenceMs || !partition.IsClear;
    }
}
