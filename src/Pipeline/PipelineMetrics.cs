using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards;

namespace AkkaJoin.Pipeline;

/// <summary>
/// Every metric of this assembly. docs/metrics.md describes them; a test compares. They show routers as they were at their last tick, so that records
/// cost nothing.
/// </summary>
static class PipelineMetrics
{
    static readonly ConcurrentDictionary<string, RouterStatus> Routers = [];

    internal static readonly Counter<long> LeaseRenewalsFailed = ShardsMetrics.Meter.CreateCounter<long>(
        "akkajoin.lease.renewals.failed", "{failure}", "Renewals of the journal's lease that the database did not answer, or refused.");

    // Kept so that the instruments live as long as the process.
    internal static readonly Instrument[] Observed =
    [
        ShardsMetrics.Meter.CreateObservableCounter("akkajoin.records.consumed", () => Of(s => s.ConsumedOfGone + s.Partitions.Sum(p => p.Consumed)), "{record}", "Records read from the source topics."),
        ShardsMetrics.Meter.CreateObservableCounter("akkajoin.records.dead_lettered", () => Of(s => s.DeadLetteredOfGone + s.Partitions.Sum(p => p.DeadLettered)), "{record}", "Those among them that could not be decoded."),
        ShardsMetrics.Meter.CreateObservableCounter("akkajoin.records.filtered", () => Of(s => s.Left.Filtered + s.Right.Filtered), "{record}", "Those among them that a filter left out."),
        ShardsMetrics.Meter.CreateObservableCounter("akkajoin.dead_letters", DeadLetters, "{record}", "Dead letters by side and reason."),
        ShardsMetrics.Meter.CreateObservableCounter("akkajoin.fields.missing", Missing, "{record}", "Records in which a configured field is missing or null."),
        ShardsMetrics.Meter.CreateObservableGauge("akkajoin.partition.lag", Lags, "{record}", "From what all key groups have journaled to the end of the log, as the consumer last heard of it."),
        ShardsMetrics.Meter.CreateObservableGauge("akkajoin.partitions.paused", Paused, "{partition}", "Partitions that are not read on, by reason."),
        ShardsMetrics.Meter.CreateObservableGauge("akkajoin.transport.in_flight", () => Of(s => s.BytesInFlight), "By", "Bytes of messages to key groups without an answer."),
        ShardsMetrics.Meter.CreateObservableCounter("akkajoin.transport.sent", () => Of(s => s.MessagesSent), "{message}", "Messages with records to key groups, those sent again not counted."),
        ShardsMetrics.Meter.CreateObservableCounter("akkajoin.transport.resent", () => Of(s => s.Resent), "{message}", "Messages to key groups that were sent again."),
    ];

    /// <summary>Whether anybody listens.</summary>
    internal static bool IsWatched => Array.Exists(Observed, instrument => instrument.Enabled);

    /// <summary>A router as it is now.</summary>
    internal static void Show(string join, RouterStatus status) => Routers[join] = status;

    /// <summary>The router of a join has ended.</summary>
    internal static void Remove(string join) => Routers.TryRemove(join, out _);

    static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);

    static IEnumerable<Measurement<long>> Of(Func<RouterStatus, long> value) =>
        Routers.Select(r => new Measurement<long>(value(r.Value), Tag("join", r.Key)));

    static IEnumerable<Measurement<long>> DeadLetters() =>
        from router in Routers
        from side in Sides(router.Value.Input)
        from reason in side.Counts.DeadLetters
        select new Measurement<long>(reason.Value, Tag("join", router.Key), Tag("side", side.Name), Tag("reason", reason.Key));

    static IEnumerable<Measurement<long>> Missing()
    {
        foreach (var (join, status) in Routers)
        {
            foreach (var (name, counts) in Sides(status.Input))
            {
                Measurement<long> Of(string part, string field, long missing) =>
                    new(missing, Tag("join", join), Tag("side", name), Tag("part", part), Tag("field", field));

                yield return Of("key", "", counts.NullKeys);
                if (counts.WithoutId is { } without)
                    yield return Of("id", "", without);
                foreach (var field in counts.Where)
                    yield return Of("where", field.Field, field.Missing);
                foreach (var field in counts.Filter)
                    yield return Of("filter", field.Field, field.Missing);
            }

            foreach (var field in status.Input.Select)
            {
                yield return new Measurement<long>(
                    field.Missing, Tag("join", join), Tag("side", field.Field.StartsWith("right", StringComparison.Ordinal) ? "right" : "left"), Tag("part", "select"), Tag("field", field.Field));
            }
        }
    }

    static IEnumerable<(string Name, SideCounts Counts)> Sides(InputCounts input) => [("left", input.Left), ("right", input.Right)];

    static IEnumerable<Measurement<long>> Lags() => Routers.SelectMany(r => r.Value.Partitions.Select(p => new Measurement<long>(
        Math.Max(0, p.NewestLogEnd - Math.Max(p.CoveredByAll, p.BeganAt)), Tag("join", r.Key), Tag("topic", p.Topic), Tag("partition", p.Number))));

    static IEnumerable<Measurement<long>> Paused() => Routers.SelectMany(r => Enum.GetValues<PauseReason>().Where(reason => reason != PauseReason.None).Select(reason =>
        new Measurement<long>(r.Value.Partitions.Count(p => p.PausedBy == reason), Tag("join", r.Key), Tag("reason", Name(reason)))));

    static string Name(PauseReason reason) => reason switch
    {
        PauseReason.Drift => "drift",
        PauseReason.DeadLetters => "dead_letters",
        _ => "credit",
    };
}
