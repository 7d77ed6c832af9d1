using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Metering;

namespace AkkaJoin.Cockpit.Live;

/// <summary>
/// Looks every few seconds at what a join counts on this node anyway, and keeps the last hour and a bit: as points of
/// ten seconds by the wall clock, as minutes of event time for an attribution, and since when each partition is as it
/// is. A record costs nothing here. It takes the time as a number, which never goes back.
/// </summary>
/// <param name="isAttribution">Whether the minutes of event time are kept.</param>
sealed class JoinSampler(bool isAttribution)
{
    /// <summary>The length of a point.</summary>
    internal const long StepMs = 10_000;

    // 75 minutes: the match rate of ten minutes is compared with the hour before them.
    const int PointsMax = 450;
    const int MinutesMax = 120;
    const long MinuteMs = 60_000;

    readonly LiveTotals _totals = new();
    readonly Queue<SeriesPoint> _points = new();
    readonly SortedDictionary<long, TakePoint> _take = [];
    readonly PartitionHistory _history = new();
    readonly Lock _gate = new();
    SeriesPoint? _open;

    /// <summary>Looks at the counts.</summary>
    /// <param name="nowMs">ms since the epoch.</param>
    /// <param name="router">The router; null = it does not run.</param>
    /// <param name="gauges">The key groups of this node; null = they do not run.</param>
    internal void Look(long nowMs, RouterStatus? router, JoinGauges? gauges)
    {
        lock (_gate)
        {
            var gained = _totals.Look(router, gauges);
            _history.Look(nowMs, router);
            var watermark = LowestWatermark(gauges);
            Add(nowMs - (nowMs % StepMs), gained, Level(nowMs, router, gauges, watermark));
            if (isAttribution && watermark is { } lowest)
                AddMinute(lowest, gained.Left);
        }
    }

    /// <summary>The points from a time on, the one that is not over yet included.</summary>
    internal NodeSeries Series(long fromMs)
    {
        lock (_gate)
        {
            IEnumerable<SeriesPoint> points = _open is null ? _points : _points.Append(_open);
            return new NodeSeries([.. points.Where(p => p.AtMs >= fromMs)], [.. _take.Values]);
        }
    }

    /// <summary>
    /// Since when a partition is paused for the reason it has now, ms since the epoch; null = it is not.
    /// </summary>
    internal long? PausedSince(string topic, int partition)
    {
        lock (_gate)
            return _history.PausedSince(topic, partition);
    }

    /// <summary>When the watermark of a partition on a side rose last, ms since the epoch; null = not known.</summary>
    internal long? WatermarkSince(Side side, int partition)
    {
        lock (_gate)
            return _history.WatermarkSince(side, partition);
    }

    // What is as it is at the end of a point.
    static SeriesPoint Level(long nowMs, RouterStatus? router, JoinGauges? gauges, long? watermark) => new(0)
    {
        Buffered = gauges?.Running.Sum(g => g.Records) ?? 0,
        StateBytes = gauges?.Running.Sum(g => g.Bytes) ?? 0,
        Lag = router?.Partitions.Sum(p => Math.Max(0, p.NewestLogEnd - p.Position)) ?? 0,
        WatermarkLagMs = nowMs - watermark,
    };

    static long? LowestWatermark(JoinGauges? gauges)
    {
        var lowest = gauges?.Running.Select(g => Math.Min(g.LeftWatermark, g.RightWatermark)).DefaultIfEmpty(SideWatermarks.None).Min();
        return lowest is > SideWatermarks.None and < SideWatermarks.End ? lowest : null;
    }

    void Add(long atMs, SeriesPoint gained, SeriesPoint level)
    {
        if (_open is not null && _open.AtMs < atMs)
        {
            _points.Enqueue(_open);
            if (_points.Count >= PointsMax)
                _points.Dequeue();
            _open = null;
        }

        // The counts add up, and of the levels the last counts.
        var counts = (_open ?? new SeriesPoint(atMs)) with { Buffered = 0, StateBytes = 0, Lag = 0, WatermarkLagMs = null };
        _open = counts + gained + level;
    }

    void AddMinute(long watermark, SidePoint lefts)
    {
        var (shown, taken) = (lefts.Received - lefts.Duplicates, lefts.Matched);
        if (shown <= 0 && taken == 0)
            return;
        var minute = watermark - (((watermark % MinuteMs) + MinuteMs) % MinuteMs);
        var before = _take.GetValueOrDefault(minute) ?? new TakePoint(minute, 0, 0);
        _take[minute] = before with { Shown = before.Shown + Math.Max(0, shown), Taken = before.Taken + taken };
        if (_take.Count > MinutesMax)
            _take.Remove(_take.Keys.First());
    }
}

/// <summary>What one node has of a join's last hour.</summary>
/// <param name="Points">By time.</param>
/// <param name="TakeRate">By minute of event time.</param>
sealed record NodeSeries(IReadOnlyList<SeriesPoint> Points, IReadOnlyList<TakePoint> TakeRate);
