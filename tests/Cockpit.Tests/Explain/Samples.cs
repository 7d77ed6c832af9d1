using System.Text;
using AkkaJoin.Cockpit.Explain.Live;
using AkkaJoin.Cockpit.Explain.Reasons;
using AkkaJoin.Cockpit.Explain.Search;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;

namespace AkkaJoin.Cockpit.Tests.Explain;

/// <summary>Records and findings as they are found of a join from left topic l to right topic r.</summary>
static class Samples
{
    /// <summary>10:00:00 of some day.</summary>
    internal const long Ten = 1_573_552_800_000;

    internal static JoinSettings Join(string type = "inner", string more = "") => ConfigReader.ReadText(
        $$"""
        akkajoin {
          kafka.bootstrap-servers = "h:1"
          joins.j {
            type = {{type}}, before = 0s, after = 1h
            left { topic = l, key = k, time = ts, id = id }
            right { topic = r, key = k, time = ts, id = id }
            output.topic = o
            {{more}}
          }
        }
        """,
        "test.conf").Settings.Joins[0];

    internal static InputRecord Left(long offset = 17, long time = Ten + 5_000, string? key = "42", string? id = null) =>
        Record(Side.Left, 0, offset, time, key, id);

    internal static InputRecord Right(long offset = 9, long time = Ten + 60_000, string? key = "42", string? id = null) =>
        Record(Side.Right, 1, offset, time, key, id);

    internal static FoundRecord Found(InputRecord record) => new(
        record.Side, record.Topic, RecordReference.Parse($"{record.Partition}:{record.Offset}"), Presence.Found)
    {
        Record = record,
        Partitions = 2,
        Log = new PartitionLog(0, 100, 100),
    };

    internal static FoundRecord Missing(Side side, Presence presence, PartitionLog? log = null) =>
        new(side, side == Side.Left ? "l" : "r", RecordReference.Parse("0:17"), presence) { Partitions = 2, Log = log };

    /// <summary>Findings of records that the key group has applied, whose windows are open still.</summary>
    internal static Findings Of(JoinSettings join, params InputRecord[] records) => Of(join, [.. records.Select(Found)]);

    internal static Findings Of(JoinSettings join, IReadOnlyList<FoundRecord> asked) => new()
    {
        Join = join,
        Definition = DefinitionBuilder.Build(join, new TopicInfo("l", 0, ""), new TopicInfo("r", 0, "")),
        RunsWithDefinition = true,
        Asked = asked,
        Fates = [.. asked.Select(found => found.Record).OfType<InputRecord>().Select(Applied)],
        Live = GroupAt(),
        ReadsAttributions = true,
    };

    internal static RecordFindings Applied(InputRecord record) =>
        new(record) { Progress = new RecordProgress { Applied = 50, Origin = 0, Group = 3 } };

    /// <summary>A key group at these watermarks.</summary>
    internal static LiveKey GroupAt(long leftMs = Ten, long rightMs = Ten, params LiveEntry[] entries) => new(
        3,
        "akka.tcp://akkajoin@h:1",
        new LiveWatermark(leftMs, "l/1"),
        new LiveWatermark(rightMs, "r/0"),
        new Dictionary<(Side, int), long> { [(Side.Left, 0)] = 50, [(Side.Right, 1)] = 50 },
        0)
    {
        Entries = entries,
    };

    internal static LiveEntry Entry(InputRecord record, LiveEntryState state) =>
        new(record.Side, record.Partition, record.Offset, record.Time, record.Id, state);

    internal static FoundRow Row(string topic = "o", long offset = 55) => new(topic, 2, offset, Ten + 60_000, "a2bf402e3b34ba45-3-7-0");

    internal static AttributionRow Attribution(InputRecord right, long leftCount, params InputRecord[] lefts) => new(
        Row(),
        right.Time,
        Encoding.UTF8.GetString(right.Value!),
        [.. lefts.Select(left => Encoding.UTF8.GetString(left.Value!))],
        leftCount);

    internal static Findings With(this Findings findings, Side side, Func<RecordFindings, RecordFindings> change) =>
        findings with { Fates = [.. findings.Fates.Select(fate => fate.Record.Side == side ? change(fate) : fate)] };

    static InputRecord Record(Side side, int partition, long offset, long time, string? key, string? id) => new()
    {
        Side = side,
        Topic = side == Side.Left ? "l" : "r",
        Partition = partition,
        Offset = offset,
        TimestampMs = time,
        Time = time,
        Key = key is null ? null : Encoding.UTF8.GetBytes(key),
        Id = id is null ? null : Encoding.UTF8.GetBytes(id),
        Detail = key is null ? "'k' is missing or null" : "",
        Value = Encoding.UTF8.GetBytes($"{{\"offset\":{offset}}}"),
    };
}
