using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Cockpit.Questions;

/// <summary>
/// Warns of settings of a join that cannot work together (<see cref="SettingsReview"/>). The brokers are asked for the
/// topics' configuration once a minute at most, however often the page asks.
/// </summary>
/// <param name="join">The join.</param>
/// <param name="kafka">The brokers and clients.</param>
/// <param name="ends">Asks the brokers.</param>
sealed class SettingsWarnings(JoinSettings join, KafkaSettings kafka, SourceEnds ends)
{
    const long KeptMs = 60_000;

    readonly string[] _topics =
    [
        .. new[] { join.Left, join.Right }.Where(source => !source.IsFromSource).Select(source => source.Topic)
            .Concat(join.Output.Topics).Distinct(),
    ];

    readonly Lock _gate = new();
    Task<IReadOnlyDictionary<string, TopicConfig>>? _configs;
    long _askedMs;

    /// <summary>The warnings; fewer where the brokers do not answer.</summary>
    /// <param name="order">What is asked of the join.</param>
    /// <param name="watermarks">The watermarks of its key groups, ms since the epoch.</param>
    /// <param name="nowMs">ms since the epoch.</param>
    internal async Task<IReadOnlyList<string>> AskAsync(FlowOrder order, IEnumerable<long> watermarks, long nowMs)
    {
        var known = watermarks.Where(watermark => watermark is > SideWatermarks.None and < SideWatermarks.End).ToList();
        var configs = await ConfigsAsync(nowMs);
        return [.. SettingsReview.Warnings(join, kafka, configs, order, known.Count == 0 ? null : known.Min(), nowMs)];
    }

    Task<IReadOnlyDictionary<string, TopicConfig>> ConfigsAsync(long nowMs)
    {
        lock (_gate)
        {
            if (_configs is null || (_configs.IsCompleted && nowMs - _askedMs >= KeptMs))
                (_configs, _askedMs) = (ends.ConfigsAsync(_topics), nowMs);
            return _configs;
        }
    }
}
