using System.Globalization;
using System.Text;
using AkkaJoin.Cockpit.Diagnosis;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Cockpit.Tests.Diagnosis;

/// <summary>A join and records of both topics, made for a test, decoded by the join's own decoder.</summary>
sealed class MadeSample
{
    /// <summary>2026-11-29T08:00:00Z.</summary>
    internal const long Noon = 1_795_939_200_000;

    readonly List<RecordChunk> _left = [];
    readonly List<RecordChunk> _right = [];

    internal JoinSettings Join { get; set; } = new()
    {
        Name = "j",
        Type = JoinType.Inner,
        BeforeMs = 0,
        AfterMs = 600_000,
        Left = Source("l"),
        Right = Source("r"),
        GroupId = "g",
        Output = new OutputSettings { Topic = "o", LateTopic = "o.late", DeadLetterTopic = "o.dead" },
        Flow = new FlowSettings(),
    };

    internal bool LeftHasOlder { get; set; }

    internal bool RightHasOlder { get; set; }

    internal int RightPartitions { get; set; } = 1;

    internal static SourceSettings Source(string topic) => new() { Topic = topic, KeyPaths = ["k"], TimePath = "ts" };

    internal MadeSample Where(string text)
    {
        var where = WhereParser.Parse(text);
        Join = Join with { Where = where.Condition, LeftFields = where.LeftFields, RightFields = where.RightFields };
        return this;
    }

    internal MadeSample Left(string value, byte[]? key = null, int partition = 0) => Add(_left, "l", value, key, partition);

    internal MadeSample Right(string value, byte[]? key = null, int partition = 0) => Add(_right, "r", value, key, partition);

    /// <summary>A value with a key as JSON and a time.</summary>
    internal static string Value(string key, object time, string more = "") =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"k":{{key}},"ts":{{time}}{{more}}}""");

    internal JoinDiagnosis Diagnose() => SampleAnalysis.Of(
        Join,
        SampleDecoder.Decode(Join, Side.Left, Sample(_left, 1, LeftHasOlder), EventTimeLimits.Of(Join), Noon),
        SampleDecoder.Decode(Join, Side.Right, Sample(_right, RightPartitions, RightHasOlder), EventTimeLimits.Of(Join), Noon));

    static TopicSample Sample(List<RecordChunk> records, int partitions, bool hasOlder)
    {
        var from = hasOlder ? 1 : 0;
        return new TopicSample(
            records,
            [.. Enumerable.Range(0, partitions).Select(p => new SampledPartition(p, 0, records.Count(r => r.Partition == p), from))],
            SampleEnd.Complete);
    }

    MadeSample Add(List<RecordChunk> records, string topic, string value, byte[]? key, int partition)
    {
        records.Add(RecordChunks.Of(
            topic, partition, records.Count(record => record.Partition == partition), Noon, key, Encoding.UTF8.GetBytes(value), []));
        return this;
    }
}
