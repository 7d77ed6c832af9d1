using AkkaJoin.Shards.Histograms;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Metering;

namespace AkkaJoin.Cockpit.Live;

/// <summary>
/// Looks every few seconds how far the sides' times are behind the clock on this node, and since when the join runs
/// here. A record costs nothing here. One thread looks, others read.
/// </summary>
sealed class LagSampler
{
    JoinGauges? _seen;
    long _sinceMs;
    volatile LogHistogram _left = new();
    volatile LogHistogram _right = new();

    /// <summary>How far the left time of the slowest key group was behind the clock, ms.</summary>
    internal LogHistogram Left => _left;

    /// <summary>How far the right time of the slowest key group was behind the clock, ms.</summary>
    internal LogHistogram Right => _right;

    /// <summary>Since when the join runs here, ms since the epoch; null = it was not seen yet.</summary>
    internal long? SinceMs => Volatile.Read(ref _sinceMs) is > 0 and var since ? since : null;

    /// <summary>Looks at the key groups.</summary>
    /// <param name="nowMs">ms since the epoch.</param>
    /// <param name="gauges">The key groups of this node; null = they do not run.</param>
    internal void Look(long nowMs, JoinGauges? gauges)
    {
        if (gauges is null)
            return;
        if (gauges != _seen)
        {
            // The join began anew, and so did its counts.
            (_seen, _left, _right) = (gauges, new LogHistogram(), new LogHistogram());
            Volatile.Write(ref _sinceMs, nowMs);
        }

        Add(_left, nowMs, gauges.Running.Select(gauge => gauge.LeftWatermark));
        Add(_right, nowMs, gauges.Running.Select(gauge => gauge.RightWatermark));
    }

    static void Add(LogHistogram lag, long nowMs, IEnumerable<long> watermarks)
    {
        var lowest = watermarks.DefaultIfEmpty(SideWatermarks.None).Min();
        if (lowest is > SideWatermarks.None and < SideWatermarks.End)
            lag.Add(nowMs - lowest);
    }
}
