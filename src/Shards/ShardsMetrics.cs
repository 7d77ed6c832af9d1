using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Metering;

namespace AkkaJoin.Shards;

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
        Meter.CreateHistogram<double>("akkajoin.journal.persist.duration", "s", "From handing an event to the journal until it is durable.");

    internal static readonly Counter<long> PersistFailures =
        Meter.CreateCounter<long>("akkajoin.journal.persist.failures", "{failure}", "Events that the journal did not take; the log says why.");

    internal static readonly Histogram<double> SnapshotDuration =
        Meter.CreateHistogram<double>("akkajoin.snapshot.duration", "s", "From the beginning of a snapshot until it is durable.");

    internal static readonly Histogram<double> SnapshotCaptureDuration =
        Meter.CreateHistogram<double>("akkajoin.snapshot.capture.duration", "s", "How long a key group does nothing else at the beginning of a snapshot.");

    internal static readonly Histogram<long> SnapshotSize =
        Meter.CreateHistogram<long>("akkajoin.snapshot.size", "By", "Bytes of a snapshot, with its chunks.");

    internal static readonly Histogram<double> RecoveryDuration =
        Meter.CreateHistogram<double>("akkajoin.recovery.duration", "s", "From the start of a key group until its state is there.");

    static readonly ConcurrentDictionary<JoinGauges, bool> Joins = [];

    // Observed at each collection; kept so that the instruments live as long as the process.
    internal static readonly Instrument[] Observed =
    [
        Meter.CreateObservableGauge("akkajoin.key_groups.running", () => Sum(_ => 1), "{key_group}", "Key groups that run on this node."),
        Meter.CreateObservableGauge("akkajoin.key_groups.backing_off", () => Sum(g => g.BacksOff ? 1 : 0), "{key_group}", "Those that wait after a failure of the journal before they try again."),
        Meter.CreateObservableGauge("akkajoin.state.records", () => Sum(g => g.Records), "{record}", "Records held."),
        Meter.CreateObservableGauge("akkajoin.state.size", () => Sum(g => g.Bytes), "By", "Bytes held."),
        Meter.CreateObservableGauge("akkajoin.output.unconfirmed", () => Sum(g => g.UnconfirmedBytes), "By", "Bytes of rows that the broker has not acknowledged."),
        Meter.CreateObservableGauge("akkajoin.watermark", Watermarks, "ms", "The lowest watermark of a side over the key groups, since the epoch; absent while a partition has given no time."),
    ];

    /// <summary>A key group of the join runs.</summary>
    internal static void Add(JoinGauges gauges) => Joins.TryAdd(gauges, true);

    /// <summary>A key group of the join has stopped.</summary>
    internal static void RemoveIfIdle(JoinGauges gauges)
    {
        if (!gauges.Running.Any())
            Joins.TryRemove(gauges, out _);
    }

    static IEnumerable<Measurement<long>> Sum(Func<GroupGauge, long> value) =>
        Joins.Keys.Select(join => new Measurement<long>(join.Running.Sum(value), join.Tag));

    static IEnumerable<Measurement<long>> Watermarks()
    {
        foreach (var join in Joins.Keys)
        {
            foreach (var (side, lowest) in new[] { ("left", Lowest(join, g => g.LeftWatermark)), ("right", Lowest(join, g => g.RightWatermark)) })
            {
                if (lowest > SideWatermarks.None)
                    yield return new Measurement<long>(lowest, join.Tag, new KeyValuePair<string, object?>("side", side));
            }
        }
    }

    static long Lowest(JoinGauges join, Func<GroupGauge, long> watermark) => join.Running.Select(watermark).DefaultIfEmpty(SideWatermarks.None).Min();
}
