using System.Globalization;
using Akka.Event;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>The properties of the output topics, checked before anything is written there.</summary>
/// <param name="Retention">Watches the age of the rows.</param>
/// <param name="MessageBytesMax">The least <c>max.message.bytes</c> of the three topics; null = not known.</param>
sealed record OutputReview(OutputRetention Retention, int? MessageBytesMax)
{
    /// <summary>Nothing is known yet.</summary>
    internal static OutputReview None { get; } = new(OutputRetention.None, null);

    /// <summary>Asks the broker, and warns.</summary>
    /// <exception cref="UserException">What the join writes cannot stay in a topic.</exception>
    internal static async Task<OutputReview> CreateAsync(TopicAdmin admin, JoinSettings join, ILoggingAdapter log)
    {
        var output = join.Output;
        var configs = await admin.ConfigsAsync([.. output.Topics]);
        if (Refusals(join, configs).FirstOrDefault() is { } refusal)
            throw new UserException(refusal, ConfigException.Code);
        foreach (var warning in Warnings(join, configs))
            EngineLog.OutputTopic(log, join.Name, warning);
        return new OutputReview(
            output is { EventTimestamp: true, To: RowTarget.Kafka }
                ? new OutputRetention(join.Name, output.Topic, configs[output.Topic].RetentionMs)
                : OutputRetention.None,
            configs.Values.Min(config => config.MessageBytesMax));
    }

    /// <summary>
    /// What the join writes that cannot stay in its topic, a sentence for each topic. A start is refused for the first.
    /// </summary>
    internal static IEnumerable<string> Refusals(JoinSettings join, IReadOnlyDictionary<string, TopicConfig> configs)
    {
        foreach (var (key, topic, what) in Copies(join.Output))
        {
            if (configs[topic].IsCompacted)
            {
                yield return $"join '{join.Name}': the topic '{topic}' of {what} is compacted (cleanup.policy = "
                    + $"{configs[topic].CleanupPolicy}): it refuses a record without a key, and of each key it keeps the last "
                    + $"record alone. Set its cleanup.policy to delete, or name another topic (output.{key})";
            }
        }
    }

    /// <summary>What a user should know, a sentence each.</summary>
    internal static IEnumerable<string> Warnings(JoinSettings join, IReadOnlyDictionary<string, TopicConfig> configs)
    {
        var output = join.Output;
        if (output.To == RowTarget.Source)
            yield break;
        var rows = configs[output.Topic];
        foreach (var (_, topic, what) in Copies(output))
        {
            if (IsShorter(configs[topic].RetentionMs, rows.RetentionMs))
                yield return $"{topic} keeps {what} for {Show(configs[topic].RetentionMs)}, and {output.Topic} keeps rows for "
                    + $"{Show(rows.RetentionMs)}: validate cannot explain rows of records that are gone. Give both the same retention.ms.";
        }

        if (rows.IsCompacted && join.Type != JoinType.Inner)
        {
            yield return $"{output.Topic} is compacted (cleanup.policy = {rows.CleanupPolicy}) and refuses a row without a key, "
                + $"and a join of type {SettingWords.Of(join.Type)} puts one out for a record without a key: the join would stop there. "
                + "Set cleanup.policy to delete, or make sure that each record has a key.";
        }
    }

    static IEnumerable<(string Key, string Topic, string What)> Copies(OutputSettings output) =>
        [("late-topic", output.LateTopic, "late records"), ("dead-letter-topic", output.DeadLetterTopic, "dead letters")];

    static bool IsShorter(long? one, long? other) => one is >= 0 && (other < 0 || one < other);

    static string Show(long? retentionMs) => retentionMs < 0
        ? "ever"
        : string.Create(CultureInfo.InvariantCulture, $"{Durations.Show(retentionMs ?? 0)}");
}
