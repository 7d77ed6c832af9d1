using System.Text.Json;
using AkkaJoin.Host.Validation;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Bench.Live;

/// <summary>What the rows of a live join say of its speed.</summary>
static class LiveRows
{
    const int SilenceMaxMs = 30_000;

    /// <summary>Of each row how long after the later event time of its two records the broker appended it, ms, ascending.</summary>
    /// <param name="kafka">How the broker is reached.</param>
    /// <param name="topic">The topic of the rows.</param>
    /// <param name="fromMs">Rows whose later event time is before this do not count.</param>
    /// <param name="toMs">Nor from here on.</param>
    /// <exception cref="UserException">The broker does not stamp the rows.</exception>
    internal static IReadOnlyList<long> Read(KafkaSettings kafka, string topic, long fromMs, long toMs)
    {
        using var reader = new TopicReader(kafka, SilenceMaxMs);
        var times = new List<long>();
        foreach (var row in reader.Read(topic, reader.Ends(topic), CancellationToken.None))
        {
            if (row.Message.Timestamp.Type != TimestampType.LogAppendTime)
                throw new UserException($"the broker does not stamp the records of {topic} when it appends them", 1);
            var happened = Later(row.Message.Value);
            if (happened >= fromMs && happened < toMs)
                times.Add(row.Message.Timestamp.UnixTimestampMs - happened);
        }

        times.Sort();
        return times;
    }

    static long Later(byte[]? row)
    {
        using var json = JsonDocument.Parse(row);
        return Math.Max(json.RootElement.GetProperty("leftTime").GetInt64(), json.RootElement.GetProperty("rightTime").GetInt64());
    }
}
