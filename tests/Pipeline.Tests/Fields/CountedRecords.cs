using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using AkkaJoin.Pipeline.Tests.Routing;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Tests.Fields;

/// <summary>A join as it is configured, whose lefts a router reads: the topic is "t".</summary>
sealed class CountedRecords
{
    readonly RecordedEffects _effects = new();
    readonly Router _router;
    readonly JoinFields _fields;
    long _next;

    /// <param name="left">The left input without its topic.</param>
    /// <param name="more">More of the join.</param>
    internal CountedRecords(string left, string more = "")
    {
        Join = ConfigReader.ReadText(
            $$"""
            akkajoin {
              kafka.bootstrap-servers = "h:1"
              joins.j { type = inner, before = 0s, after = 1m, left { topic = t, {{left}} }, right { topic = r, key = k, time = ts }, output.topic = o
                {{more}} }
            }
            """,
            "f.conf",
            environment: _ => null).Settings.Joins[0];
        _fields = new JoinFields(Join);
        var side = new[] { new RouteSide(Side.Left, 0, DecoderFactory.Create(Join.Left, Join.LeftFields), _fields.Left) };
        var settings = new RouterSettings(1, 0, new FlowSettings()) { SelectedFields = _fields.Select.Counts };
        _router = new Router(settings, _ => side, _effects);
        _router.Assigned([new PartitionStart("t", 0, 1, 0, true, 0, long.MaxValue, 1)], 0);
        _router.Acknowledged(new KeyGroupAck(0, [new AppliedPartition(new PartitionId(Side.Left, 0, 0), 0)]), 0);
    }

    internal JoinSettings Join { get; }

    internal InputCounts Input => _router.Status().Input;

    internal SideCounts Left => Input.Left;

    internal SideFates Fates => _router.Status().Left;

    internal SelectTally Select => _fields.Select;

    /// <summary>What is said at the end.</summary>
    internal IReadOnlyList<string> AtTheEnd => _fields.Warnings(Input);

    /// <summary>What is said while it runs.</summary>
    internal IReadOnlyList<string> Look() => [.. _fields.Watch.Look(Input).Select(warning => warning.Text)];

    /// <summary>Reads a chunk.</summary>
    internal void Read(long nowMs, params string[] values)
    {
        _router.Chunk(TextChunks.Of(0, 1, _next, values), nowMs);
        _next += values.Length;
        foreach (var (partition, generation) in _effects.DeadLetters)
            _router.DeadLettersWritten(partition, generation, nowMs);
        _effects.DeadLetters.Clear();
    }
}
