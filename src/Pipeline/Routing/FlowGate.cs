using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// Does what is asked of the join (<see cref="FlowOrder"/>): which partitions are not read, and how fast the others
/// are.
/// <para>
/// The rate is that of all nodes together. Each node takes of it the share of the source partitions that it reads, so
/// no node has to ask another, and together they never read more. Where the records are in few partitions, they read
/// less. It is a mean over seconds: a chunk is decoded whole, and the next waits until it is paid for.
/// </para>
/// <para>
/// A side that is read again after a pause, or is behind when a join wakes, is read first: the other side waits while
/// it is ahead of it in event time. Otherwise it would fill the state with records that wait for the side that was
/// away.
/// </para>
/// <para>
/// Invariants. A side that is read first does not wait for another. No chunk is decoded before the ones before it are
/// paid for.
/// </para>
/// </summary>
sealed class FlowGate(RouterSettings settings, PartitionTable partitions)
{
    // What an idle join may save up: a second's records.
    const double SavedSecondsMax = 1;

    FlowOrder _order = FlowOrder.None;
    double _credit;
    long _creditedMs;

    // The side that was away and is read first; null = none.
    Side? _returning;

    // How many partitions each topic had when it was first heard of, and has now; and how many came between, of all.
    readonly Dictionary<string, (int First, int Last)> _counts = [];
    int _added;

    /// <summary>What is asked.</summary>
    internal FlowOrder Order => _order;

    /// <summary>Whether chunks may wait here.</summary>
    internal bool IsOn => _order.Number > 0 || settings.RecordsPerSecondMax > 0;

    /// <summary>Whether there is a rate.</summary>
    internal bool HasRate => Rate > 0;

    // Of this node, records per second; 0 = unlimited.
    double Rate
    {
        get
        {
            var (all, own) = (_order.Rate ?? settings.RecordsPerSecondMax, partitions.All.Count);
            return all <= 0 || own == 0 ? 0 : all * (double)own / Math.Max(own, settings.SourcePartitions + _added);
        }
    }

    /// <summary>Something else is asked from now on.</summary>
    internal void Obey(FlowOrder order, long nowMs)
    {
        var returns = Returns(_order, order) ?? Wakes(_order, order);
        _order = order;
        (_credit, _creditedMs) = (0, nowMs);
        if (returns is not null || order.HoldsAnything)
            _returning = returns;
        Mark(nowMs);
    }

    /// <summary>Partitions came.</summary>
    internal void Mark(long nowMs)
    {
        foreach (var partition in partitions.All)
        {
            Count(partition.Topic, partition.Sides[0].PartitionCount);
            var wasPaused = partition.IsPaused;
            partition.IsPaused = Array.Exists(partition.Sides, side => _order.Of(side.Id.Side).IsPaused);

            if (wasPaused == partition.IsPaused)
                continue;

            // Silent so far, because nobody listened; and silent from now on, because nobody listens.
            partition.HeardNothingUntil(nowMs);
            if (wasPaused)
                partition.HeardAtMs = nowMs;
        }
    }

    /// <summary>Why a chunk of a partition may not be decoded now; None = it may.</summary>
    internal PauseReason Holds(SourcePartition partition, long nowMs)
    {
        if (partition.IsPaused)
            return PauseReason.Order;
        if (IsAheadOfReturning(partition, nowMs))
            return PauseReason.Returning;
        return IsUnpaid(nowMs) ? PauseReason.Rate : PauseReason.None;
    }

    /// <summary>A chunk is decoded.</summary>
    internal void Spend(RecordChunk chunk)
    {
        if (Rate > 0)
            _credit -= chunk.Count;
    }

    // A topic may get partitions while the join runs.
    void Count(string topic, int partitions)
    {
        var (first, last) = _counts.GetValueOrDefault(topic, (partitions, partitions));
        _counts[topic] = (first, Math.Max(last, partitions));
        _added += Math.Max(0, partitions - last);
    }

    // Of two sides that return at once neither is first.
    static Side? Returns(FlowOrder before, FlowOrder now)
    {
        var left = before.Left.IsPaused && !now.Left.IsPaused;
        var right = before.Right.IsPaused && !now.Right.IsPaused;
        return left == right || now.HoldsAnything ? null : left ? Side.Left : Side.Right;
    }

    // The side that is behind when a join wakes is the one that was away.
    Side? Wakes(FlowOrder before, FlowOrder now)
    {
        if (!before.Rest.IsAtRest || now.HoldsAnything)
            return null;
        SourcePartition? behind = null;
        foreach (var partition in partitions.All)
        {
            // One that never had a record is not behind.
            if (Progress(partition) > SideWatermarks.None && (behind is null || Progress(partition) < Progress(behind)))
                behind = partition;
        }

        return behind is { Sides: [var side] } ? side.Id.Side : null;
    }

    bool IsUnpaid(long nowMs)
    {
        var rate = Rate;
        if (rate <= 0)
            return false;
        _credit = Math.Min(_credit + (rate * (nowMs - _creditedMs) / 1_000.0), Math.Max(1, rate * SavedSecondsMax));
        _creditedMs = nowMs;
        return _credit < 0;
    }

    bool IsAheadOfReturning(SourcePartition partition, long nowMs)
    {
        if (_returning is not { } side || Reads(partition, side))
            return false;
        var isAnyAway = false;
        foreach (var other in partitions.All)
        {
            if (!Reads(other, side) || !WatermarkAlignment.HoldsOthersBack(other, nowMs))
                continue;
            isAnyAway = true;
            if (Progress(other) < Progress(partition))
                return true;
        }

        if (!isAnyAway)
            _returning = null;
        return false;
    }

    static bool Reads(SourcePartition partition, Side side) => Array.Exists(partition.Sides, each => each.Id.Side == side);

    long Progress(SourcePartition partition) => partition.Progress(settings.MaxOutOfOrdernessMs);
}
