using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Shards.Metering;

/// <summary>Every metric of this assembly. docs/metrics.md describes them; a test compares.</summary>
static class ShardsMetrics
{
    /// <summary>The name under which an application subscribes.</summary>
    internal const string MeterName = "AkkaJoin";

    /// <summary>The meter of all assemblies.</summary>
    internal static readonly Meter Meter = new(MeterName);

    internal static readonly Counter<long> Rows =
        Meter.CreateCounter<long>("akkajoin.rows", "{row}", "Rows that key groups put out.");

    internal static readonly Counter<long> LateRecords =
        Meter.CreateCounter<long>("akkajoin.records.late", "{record}", "Copies for the late topic: late records and id conflicts.");

    internal static readonly Counter<long> JournalEvents =
        Meter.CreateCounter<long>("akkajoin.journal.events", "{event}", "Events that the journal has taken.");

    internal static readonly Counter<long> JournalBytes =
        Meter.CreateCounter<long>("akkajoin.journal.written", "By", "Bytes of these events.");

    internal static readonly Histogram<double> PersistDuration =
        Meter.CreateHistogram<double>(
            "akkajoin.journal.persist.duration", "s", "From handing an event to the journal until it is durable.");

    internal static readonly Counter<long> PersistFailures =
        Meter.CreateCounter<long>(
            "akkajoin.journal.persist.failures", "{failure}", "Events that the journal did not take; the log says why.");

    internal static readonly Histogram<double> SnapshotDuration =
        Meter.CreateHistogram<double>("akkajoin.snapshot.duration", "s", "From the beginning of a snapshot until it is durable.");

    internal static readonly Histogram<double> SnapshotCaptureDuration =
        Meter.CreateHistogram<double>(
            "akkajoin.snapshot.capture.duration", "s", "How long a key group does nothing else at the beginning of a snapshot.");

    internal static readonly Histogram<long> SnapshotSize =
        Meter.CreateHistogram<long>("akkajoin.snapshot.size", "By", "Bytes of a snapshot, with its chunks.");

    internal static readonly Histogram<double> RecoveryDuration =
        Meter.CreateHistogram<double>("akkajoin.recovery.duration", "s", "From the start of a key group until its state is there.");

    static readonly ConcurrentDictionary<JoinGauges, bool> Joins = [];
    static readonly ConcurrentDictionary<object, Func<long?>> Clocks = [];

    static readonly (string Name, Func<KeyGroupGauge, FateCounts> Of)[] Sides =
        [("left", group => group.Left), ("right", group => group.Right)];

    static readonly (string Name, Func<FateCounts, long> Of)[] FateNames =
    [
        ("matched", counts => counts.Matched),
        ("unmatched", counts => counts.Unmatched),
        ("expired", counts => counts.Expired),
        ("late", counts => counts.Late),
        ("duplicate", counts => counts.Duplicate),
    ];

    // Observed at each collection; kept so that the instruments live as long as the process.
    internal static readonly Instrument[] Observed =
    [
        Meter.CreateObservableGauge("akkajoin.key_groups.running", () => Sum(_ => 1), "{key_group}", "Key groups that run on this node."),
        Meter.CreateObservableGauge(
            "akkajoin.key_groups.backing_off",
            () => Sum(g => g.BacksOff ? 1 : 0),
            "{key_group}",
            "Those that wait after a failure of the journal before they try again."),
        Meter.CreateObservableCounter(
            "akkajoin.records.fates", Fates, "{record}", "Records whose fate was settled in the key groups of this node."),
        Meter.CreateObservableGauge(
            "akkajoin.records.waiting", Waiting, "{record}", "Buffered records that have no partner yet, by side."),
        Meter.CreateObservableGauge("akkajoin.state.records", () => Sum(g => g.Records), "{record}", "Records held."),
        Meter.CreateObservableGauge("akkajoin.state.size", () => Sum(g => g.Bytes), "By", "Bytes held."),
        Meter.CreateObservableGauge(
            "akkajoin.output.unconfirmed", () => Sum(g => g.UnconfirmedBytes), "By", "Bytes of rows that the broker has not acknowledged."),
        Meter.CreateObservableGauge(
            "akkajoin.watermark",
            Watermarks,
            "ms",
            "The lowest watermark of a side over the key groups, since the epoch; absent while a partition has given no time."),
        Meter.CreateObservableGauge(
            "akkajoin.clock.difference",
            ClockDifferences,
            "s",
            "How far this machine's clock is ahead of the journal database's, at the last reading."),
    ];

    /// <summary>A key group of the join runs.</summary>
    internal static void Add(JoinGauges gauges) => Joins.TryAdd(gauges, true);

    /// <summary>A key group of the join has stopped.</summary>
    internal static void RemoveIfIdle(JoinGauges gauges)
    {
        if (!gauges.Running.Any())
            Joins.TryRemove(gauges, out _);
    }

    /// <summary>A clock is read from now on.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="differenceMs">How far this machine's clock is ahead of it, ms; null = not known.</param>
    internal static void Add(object clock, Func<long?> differenceMs) => Clocks.TryAdd(clock, differenceMs);

    /// <summary>A clock is read no more.</summary>
    internal static void Remove(object clock) => Clocks.TryRemove(clock, out _);

    static IEnumerable<Measurement<double>> ClockDifferences() =>
        Clocks.Values.Select(difference => difference()).OfType<long>().Select(ms => new Measurement<double>(ms / 1_000.0));

    static IEnumerable<Measurement<long>> Sum(Func<KeyGroupGauge, long> value) =>
        Joins.Keys.Select(join => new Measurement<long>(join.Running.Sum(value), join.Tag));

    // Over all key groups: what one has counted still counts when it has gone to another node.
    static IEnumerable<Measurement<long>> Fates() =>
        from gauges in Joins.Keys
        from side in Sides
        from fate in FateNames
        select new Measurement<long>(
            gauges.Groups.Sum(keyGroup => fate.Of(side.Of(keyGroup))),
            gauges.Tag,
            new KeyValuePair<string, object?>("side", side.Name),
            new KeyValuePair<string, object?>("fate", fate.Name));

    static IEnumerable<Measurement<long>> Waiting() =>
        from gauges in Joins.Keys
        from side in Sides
        select new Measurement<long>(
            gauges.Running.Sum(keyGroup => side.Of(keyGroup).Waiting), gauges.Tag, new KeyValuePair<string, object?>("side", side.Name));

    static IEnumerable<Measurement<long>> Watermarks()
    {
        foreach (var join in Joins.Keys)
        {
            (string, long)[] sides = [("left", Lowest(join, g => g.LeftWatermark)), ("right", Lowest(join, g => g.RightWatermark))];
            foreach (var (side, lowest) in sides)
            {
                if (lowest > SideWatermarks.None)
                    yield return new Measurement<long>(lowest, join.Tag, new KeyValuePair<string, object?>("side", side));
            }
        }
    }

    static long Lowest(JoinGauges join, Func<KeyGroupGauge, long> watermark) =>
        join.Running.Select(watermark).DefaultIfEmpty(SideWatermarks.None).Min();
}
