using System.Text;
using AkkaJoin.Host.Validation;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Host.Tests.Validation;

/// <summary>A join of two hand-made topics: the records, and rows by brute force, written as text and not by the join's writers.</summary>
sealed class TestJoin
{
    internal JoinSettings Settings { get; set; } = Of(JoinType.Inner);

    internal List<TestRecord> Records { get; } = [];

    internal List<(string? Key, string Value, string? Id)> Rows { get; } = [];

    /// <summary>By the id of a row, the ids of those whose place it takes, with commas.</summary>
    internal Dictionary<string, string> Supersedes { get; } = [];

    internal List<SourceRecord> Late { get; } = [];

    internal List<SourceRecord> DeadLetters { get; } = [];

    /// <summary>Records at these offsets and above were not read yet.</summary>
    internal long AheadFrom { get; set; } = long.MaxValue;

    internal EndWatermarks? EndWatermarks { get; set; } = new(TimeLimits.Max, TimeLimits.Max);

    internal long? From { get; set; }

    internal long? To { get; set; }

    internal static JoinSettings Of(JoinType type, long before = 5, long after = 10, string? where = null, bool ids = true)
    {
        var parsed = where is null ? null : WhereParser.Parse(where);
        var source = new SourceSettings { Topic = "l", KeyPaths = ["k"], TimePath = "ts", IdPath = ids ? "id" : null };
        return new JoinSettings
        {
            Name = "test",
            Type = type,
            BeforeMs = before,
            AfterMs = after,
            Left = source,
            Right = source with { Topic = "r" },
            Where = parsed?.Condition,
            LeftFields = parsed?.LeftFields ?? [],
            RightFields = parsed?.RightFields ?? [],
            MaxOutOfOrdernessMs = 3,
            GroupId = "g",
            Output = new OutputSettings { Topic = "o", LateTopic = "o.late", DeadLetterTopic = "o.dead" },
            Flow = new FlowSettings(),
        };
    }

    internal TestRecord Left(string? key, long time, int a = 0, string? id = null, int partition = 0) =>
        Add(Side.Left, key, time, a, id, partition);

    internal TestRecord Right(string? key, long time, int a = 0, string? id = null, int partition = 0) =>
        Add(Side.Right, key, time, a, id, partition);

    internal void Row(TestRecord? left, TestRecord? right) => Rows.Add(((right ?? left)!.Key, Pair(left, right), $"id-{Rows.Count}"));

    internal void Attribution(TestRecord? right, params TestRecord[] lefts) => Attribution(right, lefts, lefts.Length);

    internal void Attribution(TestRecord? right, TestRecord[] lefts, int count)
    {
        var key = (right ?? lefts[0]).Key;
        var value = $$"""{"key":{{Text(key)}},"rightTime":{{Time(right)}},"right":{{right?.Value ?? "null"}},"lefts":[{{string.Join(",", lefts.Select(l => l.Value))}}],"leftCount":{{count}}}""";
        Rows.Add((key, value, $"id-{Rows.Count}"));
    }

    internal ValidationResult Validate(List<Difference>? differences = null)
    {
        var scope = new ValidationScope(
            From, To, EndWatermarks, Records.Where(r => r.Side == Side.Left).Max(r => (int?)r.Partition) + 1 ?? 1,
            Records.Where(r => r.Side == Side.Right).Max(r => (int?)r.Partition) + 1 ?? 1);
        using var session = new ValidationSession(Settings, scope);
        foreach (var record in Records)
        {
            var consumed = new ConsumedRecord { KeyIsNull = true, Value = Encoding.UTF8.GetBytes(record.Value), TimestampMs = record.Time };
            session.AddSource(record.Side, record.Partition, record.Offset, consumed, record.Offset >= AheadFrom);
        }

        Late.ForEach(session.AddLate);
        DeadLetters.ForEach(session.AddDeadLetter);
        for (var i = 0; i < Rows.Count; i++)
            AddRow(session, i);
        return session.Validate(difference => differences?.Add(difference));
    }

    internal static SourceRecord Source(TestRecord record) => new(record.Side, record.Partition, record.Offset);

    static string Pair(TestRecord? left, TestRecord? right) =>
        $$"""{"key":{{Text((right ?? left)!.Key)}},"leftTime":{{Time(left)}},"rightTime":{{Time(right)}},"left":{{left?.Value ?? "null"}},"right":{{right?.Value ?? "null"}}}""";

    static string Text(string? text) => text is null ? "null" : $"\"{text}\"";

    static string Time(TestRecord? record) => record is null ? "null" : $"{record.Time}";

    TestRecord Add(Side side, string? key, long time, int a, string? id, int partition)
    {
        var offset = Records.Count;
        var record = new TestRecord(side, partition, offset, key, time, id ?? $"{side}{offset}", a);
        Records.Add(record);
        return record;
    }

    void AddRow(ValidationSession session, int index)
    {
        var (key, value, id) = Rows[index];
        var superseded = id is null ? null : Supersedes.GetValueOrDefault(id);
        var headers = new byte[1024 + (superseded?.Length ?? 0)];
        var p = HeaderEncoding.WriteCount(headers, (id is null ? 0 : 1) + (superseded is null ? 0 : 1));
        Header(OutputHeaders.Id, id);
        Header(OutputHeaders.Supersedes, superseded);
        session.AddOutput(0, index, new ConsumedRecord
        {
            Key = Encoding.UTF8.GetBytes(key ?? ""),
            KeyIsNull = key is null,
            Value = Encoding.UTF8.GetBytes(value),
            Headers = headers.AsSpan(0, p),
            TimestampMs = 0,
        });

        void Header(string name, string? text)
        {
            if (text is not null)
                p += HeaderEncoding.Append(headers.AsSpan(p), Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(text), false);
        }
    }
}
