using System.Globalization;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Kafka.Consuming;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using AkkaJoin.Shards.Flow;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Settings that a start takes and that cannot work together: of the join, of its topics and of the consumer. A
/// sentence each, which names what to set.
/// </summary>
static class SettingsReview
{
    const string PollInterval = "max.poll.interval.ms";

    /// <summary>All of a join that runs.</summary>
    /// <param name="join">The join.</param>
    /// <param name="kafka">The brokers and clients.</param>
    /// <param name="configs">The configuration of its topics; what is not there is not known.</param>
    /// <param name="order">What is asked of the join.</param>
    /// <param name="oldestMs">The oldest watermark, ms since the epoch; null = there is none.</param>
    /// <param name="nowMs">ms since the epoch.</param>
    internal static IEnumerable<string> Warnings(
        JoinSettings join,
        KafkaSettings kafka,
        IReadOnlyDictionary<string, TopicConfig> configs,
        FlowOrder order,
        long? oldestMs,
        long nowMs) =>
    [
        .. OfSources(join, configs),
        .. OfOutputs(join, configs, oldestMs, nowMs),
        .. OfPauses(join, configs, order, nowMs),
        .. OfConsumer(kafka),
    ];

    /// <summary>
    /// Sources that keep records for a shorter time than they are needed. A node that was away reads again within this
    /// time, and the partners of its buffered records lie within it too.
    /// </summary>
    internal static IEnumerable<string> OfSources(JoinSettings join, IReadOnlyDictionary<string, TopicConfig> configs)
    {
        var neededMs = Math.Max(0, join.BeforeMs) + Math.Max(0, join.AfterMs) + join.MaxOutOfOrdernessMs + join.RepairForMs;
        var what = join.RepairForMs > 0 ? "window, max-out-of-orderness and late.repair-for" : "window and max-out-of-orderness";
        foreach (var topic in new[] { join.Left.Topic, join.Right.Topic }.Distinct())
        {
            if (RetentionOf(configs, topic) is { } retentionMs && retentionMs < neededMs)
            {
                yield return $"source '{topic}' keeps records for {Durations.Show(retentionMs)}, and {what} come to "
                    + $"{Durations.Show(neededMs)}: a node that is away for long, or a join that begins anew, misses partners. "
                    + "Set a longer retention.ms";
            }
        }
    }

    // Rows that are deleted as soon as they are written, and what OutputReview says at a start.
    static IEnumerable<string> OfOutputs(
        JoinSettings join, IReadOnlyDictionary<string, TopicConfig> configs, long? oldestMs, long nowMs)
    {
        var output = join.Output;
        if (!output.Topics.All(configs.ContainsKey))
            yield break;
        foreach (var warning in OutputReview.Warnings(join, configs))
            yield return warning;
        if (output is { EventTimestamp: true, To: RowTarget.Kafka } && nowMs - oldestMs > RetentionOf(configs, output.Topic))
        {
            yield return $"'{output.Topic}' keeps rows for {Durations.Show(RetentionOf(configs, output.Topic)!.Value)}, rows carry event "
                + $"times, and the oldest records are of {EventTimeLimits.Show(oldestMs!.Value)}: the broker deletes their rows at once. "
                + "Set output.timestamp = now, or a longer retention.ms";
        }
    }

    // What comes while a side is not read, and what was not read before, must be there when it is read on.
    static IEnumerable<string> OfPauses(
        JoinSettings join, IReadOnlyDictionary<string, TopicConfig> configs, FlowOrder order, long nowMs)
    {
        foreach (var side in new[] { Side.Left, Side.Right })
        {
            var (pause, topic) = (order.Of(side), join.Source(side).Topic);
            if (!pause.IsPaused || RetentionOf(configs, topic) is not { } retentionMs)
                continue;
            var leftMs = pause.UntilMs - nowMs;
            if (leftMs <= 0 || leftMs < retentionMs)
                continue;
            var howLong = leftMs is { } ms ? $"for another {Durations.Show(ms / 1_000 * 1_000)}" : "without an end";
            var what = leftMs is null ? "Resume it in time, give the pause an end (join pause --until)" : "Resume it earlier";
            yield return $"the {(side == Side.Left ? "left" : "right")} side is paused {howLong}, and source '{topic}' keeps records for "
                + $"{Durations.Show(retentionMs)}: records that are deleted before they are read stop the join. {what}, or set a longer "
                + "retention.ms";
        }
    }

    // The consumer's thread may wait so long for the journal while partitions come and go.
    static IEnumerable<string> OfConsumer(KafkaSettings kafka)
    {
        var properties = ConsumerSettings.Merge(kafka.Client, kafka.Consumer);
        if (properties.TryGetValue(PollInterval, out var text)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var intervalMs)
            && intervalMs <= Assignment.JournalPatienceMs)
        {
            yield return $"{PollInterval} is {Durations.Show(intervalMs)}, and while the journal is away a consumer waits for it for up to "
                + $"{Durations.Show(Assignment.JournalPatienceMs)}: the broker would give its partitions to others meanwhile. "
                + "Set it above that";
        }
    }

    static long? RetentionOf(IReadOnlyDictionary<string, TopicConfig> configs, string topic) =>
        configs.GetValueOrDefault(topic)?.RetentionMs is >= 0 and var known ? known : null;
}
