using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Metering;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// The metrics of the routers of this process; docs/metrics.md describes them. They show each router as it was at its
/// last tick, so that a record costs nothing.
/// </summary>
static class RoutingMetrics
{
    static readonly ConcurrentDictionary<string, RouterStatus> Routers = [];
    static readonly ConcurrentDictionary<string, IReadOnlyList<PartitionTime>> Times = [];

    // Kept so that the instruments live as long as the process.
    internal static readonly Instrument[] Observed =
    [
        ShardsMetrics.Meter.CreateObservableCounter(
            "akkajoin.records.consumed",
            () => Of(s => s.ConsumedOfGone + s.Partitions.Sum(p => p.Consumed)),
            "{record}",
            "Records read from the source topics."),
        ShardsMetrics.Meter.CreateObservableCounter(
            "akkajoin.records.dead_lettered",
            () => Of(s => s.DeadLetteredOfGone + s.Partitions.Sum(p => p.DeadLettered)),
            "{record}",
            "Those among them that could not be decoded."),
        ShardsMetrics.Meter.CreateObservableCounter(
            "akkajoin.records.filtered",
            () => OfSides(status => status.Left.Filtered, status => status.Right.Filtered),
            "{record}",
            "Those among them that a filter left out, by side."),
        ShardsMetrics.Meter.CreateObservableCounter(
            "akkajoin.records.null_keys",
            () => OfSides(status => status.Input.Left.NullKeys, status => status.Input.Right.NullKeys),
            "{record}",
            "Joined records whose key, or a part of it, is null or missing, by side."),
        ShardsMetrics.Meter.CreateObservableCounter("akkajoin.dead_letters", DeadLetters, "{record}", "Dead letters by side and reason."),
        ShardsMetrics.Meter.CreateObservableCounter(
            "akkajoin.fields.missing", Missing, "{record}", "Records in which a configured field is missing or null."),
        ShardsMetrics.Meter.CreateObservableGauge(
            "akkajoin.partition.lag",
            Lags,
            "{record}",
            "From the acknowledged offset to the end of the log, as the consumer last heard of it."),
        ShardsMetrics.Meter.CreateObservableGauge(
            "akkajoin.partition.watermark.lag",
            WatermarkLags,
            "s",
            "How far a partition's watermark is behind the wall clock, by side; absent while no record has given a time."),
        ShardsMetrics.Meter.CreateObservableGauge(
            "akkajoin.partition.idle", Idle, "s", "Since a record of a partition was read last, or its reading began."),
        ShardsMetrics.Meter.CreateObservableCounter(
            "akkajoin.partition.paused", PausedTimes, "s", "How long a partition was not read on, by reason."),
        ShardsMetrics.Meter.CreateObservableGauge(
            "akkajoin.partitions.paused", Paused, "{partition}", "Partitions that are not read on, by reason."),
        ShardsMetrics.Meter.CreateObservableGauge(
            "akkajoin.join.resting",
            () => Of(s => s.Order.Rest.IsAtRest ? 1 : 0),
            "1",
            "Whether somebody asked that the join's time rests: 1 or 0."),
        ShardsMetrics.Meter.CreateObservableGauge(
            "akkajoin.transport.in_flight", () => Of(s => s.BytesInFlight), "By", "Bytes of messages to key groups without an answer."),
        ShardsMetrics.Meter.CreateObservableCounter(
            "akkajoin.transport.sent",
            () => Of(s => s.MessagesSent),
            "{message}",
            "Messages with records to key groups, those sent again not counted."),
        ShardsMetrics.Meter.CreateObservableCounter(
            "akkajoin.transport.resent", () => Of(s => s.Resent), "{message}", "Messages to key groups that were sent again."),
    ];

    /// <summary>Whether anybody listens.</summary>
    internal static bool IsWatched => Array.Exists(Observed, instrument => instrument.Enabled);

    /// <summary>A router as it is now, and how long its partitions rested.</summary>
    internal static void Show(string join, RouterStatus status, IReadOnlyList<PartitionTime> times)
    {
        Routers[join] = status;
        Times[join] = times;
    }

    /// <summary>The router of a join has ended.</summary>
    internal static void Remove(string join)
    {
        Routers.TryRemove(join, out _);
        Times.TryRemove(join, out _);
    }

    static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);

    static IEnumerable<Measurement<long>> Of(Func<RouterStatus, long> value) =>
        Routers.Select(r => new Measurement<long>(value(r.Value), Tag("join", r.Key)));

    static IEnumerable<Measurement<long>> OfSides(Func<RouterStatus, long> left, Func<RouterStatus, long> right)
    {
        foreach (var (join, status) in Routers)
        {
            yield return new Measurement<long>(left(status), Tag("join", join), Tag("side", "left"));
            yield return new Measurement<long>(right(status), Tag("join", join), Tag("side", "right"));
        }
    }

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
                    field.Missing,
                    Tag("join", join),
                    Tag("side", field.Field.StartsWith("right", StringComparison.Ordinal) ? "right" : "left"),
                    Tag("part", "select"),
                    Tag("field", field.Field));
            }
        }
    }

    static IEnumerable<(string Name, SideCounts Counts)> Sides(InputCounts input) => [("left", input.Left), ("right", input.Right)];

    static IEnumerable<Measurement<long>> Lags() => Routers.SelectMany(r => r.Value.Partitions.Select(p => new Measurement<long>(
        Math.Max(0, p.NewestLogEnd - Math.Max(p.AcknowledgedOffset, p.BeganAt)),
        Tag("join", r.Key),
        Tag("topic", p.Topic),
        Tag("partition", p.Number))));

    static IEnumerable<Measurement<double>> WatermarkLags()
    {
        var nowMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        return
            from router in Routers
            from partition in router.Value.Partitions
            from watermark in partition.Watermarks
            where watermark.Watermark > SideWatermarks.None
            select new Measurement<double>(
                (nowMs - watermark.Watermark) / 1_000.0,
                Tag("join", router.Key),
                Tag("side", watermark.Id.Side == Side.Left ? "left" : "right"),
                Tag("topic", partition.Topic),
                Tag("partition", partition.Number));
    }

    static IEnumerable<Measurement<double>> Idle() =>
        from times in Times
        from time in times.Value
        select new Measurement<double>(
            time.IdleMs / 1_000.0, Tag("join", times.Key), Tag("topic", time.Topic), Tag("partition", time.Partition));

    static IEnumerable<Measurement<double>> PausedTimes() =>
        from times in Times
        from time in times.Value
        from paused in time.Paused
        select new Measurement<double>(
            paused.Ms / 1_000.0,
            Tag("join", times.Key),
            Tag("topic", time.Topic),
            Tag("partition", time.Partition),
            Tag("reason", Name(paused.Reason)));

    static IEnumerable<Measurement<long>> Paused() => Routers.SelectMany(
        r => Enum.GetValues<PauseReason>().Where(reason => reason != PauseReason.None).Select(reason =>
        new Measurement<long>(r.Value.Partitions.Count(p => p.PausedBy == reason), Tag("join", r.Key), Tag("reason", Name(reason)))));

    static string Name(PauseReason reason) => reason switch
    {
        PauseReason.Alignment => "alignment",
        PauseReason.DeadLetters => "dead_letters",
        PauseReason.Order => "order",
        PauseReason.Rate => "rate",
        PauseReason.Returning => "returning",
        _ => "in_flight_bytes",
    };
}
