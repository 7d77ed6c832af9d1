using AkkaJoin.Host.Chaos;
using AkkaJoin.Host.Cli;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using Xunit;

namespace AkkaJoin.Host.Tests.Chaos;

public sealed class ChaosWorkloadTests
{
    const int Records = 20_000;
    const long Now = 1_800_000_000_000;

    [Theory]
    [InlineData("before = 0s, after = 10m, left { key = [profile, title], time = ts, id = id }, right { key = [profile, title], time = ts, id = id }")]
    [InlineData("before = 5s, after = 5s, left { format = raw, id = \"header:id\" }, right { format = raw }, max-out-of-orderness = 0s")]
    [InlineData("before = -1h, after = 2h, left { key = a.b, time = a.t, time-format = epoch-seconds, id = i }, right { key = k, time = t, time-format = iso-8601 }")]
    [InlineData("before = 0s, after = 0s, left { key = id, time = t, time-format = epoch-micros, id = id }, right { key = order, time = t, id = n }, max-out-of-orderness = 500ms")]
    [InlineData("before = 0s, after = 1m, left { key = k, time = t }, right { key = k, time = t }, where = \"left.city = 'Rome' and right.n > 2.5 and left.x < right.y\"")]
    public void Every_record_can_be_decoded_none_is_late_and_rights_find_partners(string settings)
    {
        var join = Join(settings);
        var (newest, lefts, pairs) = (new[] { long.MinValue / 2, long.MinValue / 2 }, new Dictionary<string, List<long>>(), 0);
        foreach (var (side, decoded) in Decoded(join))
        {
            var key = Convert.ToHexString(decoded.Key.WrittenSpan);
            Assert.True(decoded.Time >= newest[(int)side] - join.MaxOutOfOrdernessMs, "late");
            newest[(int)side] = Math.Max(newest[(int)side], decoded.Time);
            if (decoded.KeyIsNull)
                continue;
            if (side == Side.Right)
                pairs += lefts.GetValueOrDefault(key)?.Count(t => decoded.Time >= t - join.BeforeMs && decoded.Time <= t + join.AfterMs) ?? 0;
            else if (lefts.TryGetValue(key, out var times))
                times.Add(decoded.Time);
            else
                lefts[key] = [decoded.Time];
        }

        Assert.InRange(pairs, Records / 100, Records * 3);
    }

    [Fact]
    public void A_seed_gives_the_same_records_and_those_of_one_id_are_equal()
    {
        var join = Join("before = 0s, after = 10m, left { key = k, time = t, id = id }, right { key = k, time = t, id = id }");
        var first = Source(join).Records(0).Take(Records).ToList();

        Assert.Equal(first.Select(r => Convert.ToHexString(r.Value)), Source(join).Records(0).Take(Records).Select(r => Convert.ToHexString(r.Value)));
        Assert.InRange(first.Count - first.Select(r => Convert.ToHexString(r.Value)).Distinct().Count(), 20, 500);
    }

    [Fact]
    public void A_topic_joined_with_itself_has_what_both_sides_look_for()
    {
        var join = Join("before = 0s, after = 1m, left { topic = both, key = employee, time = t }, right { topic = both, key = manager, time = t }");
        var right = DecoderFactory.Create(join.Right, []);
        var decoded = new DecodedRecord();

        foreach (var record in Source(join).Records(0).Take(100))
        {
            Assert.Equal(Side.Left, record.Side);
            decoded.Clear();
            Assert.True(right.Decode(Consumed(record, []), decoded), decoded.Detail);
        }
    }

    [Fact]
    public void What_cannot_be_made_up_is_said_with_the_way_out()
    {
        var join = Join("before = 0s, after = 1m, left { key = t, time = t }, right { key = k, time = t }");

        Assert.Contains("--input", Assert.Throws<UserException>(() => Source(join)).Message, StringComparison.Ordinal);
    }

    static IEnumerable<(Side Side, DecodedRecord Decoded)> Decoded(JoinSettings join)
    {
        IRecordDecoder[] decoders = [DecoderFactory.Create(join.Left, join.LeftFields), DecoderFactory.Create(join.Right, join.RightFields)];
        var decoded = new DecodedRecord();
        foreach (var record in Source(join).Records(0).Take(Records))
        {
            decoded.Clear();
            Assert.True(decoders[(int)record.Side].Decode(Consumed(record, new byte[256]), decoded), decoded.Detail);
            yield return (record.Side, decoded);
        }
    }

    static ConsumedRecord Consumed(ChaosRecord record, Span<byte> headers)
    {
        if (record.Header is { } header && headers.Length > 0)
        {
            var length = HeaderEncoding.WriteCount(headers, 1);
            length += HeaderEncoding.Append(headers[length..], System.Text.Encoding.UTF8.GetBytes(header.Name), header.Value, false);
            headers = headers[..length];
        }
        else
        {
            headers = default;
        }

        return new ConsumedRecord
        {
            Key = record.Key,
            KeyIsNull = record.Key is null,
            Value = record.Value,
            Headers = headers,
            TimestampMs = record.TimestampMs ?? Now,
        };
    }

    static ChaosWorkload Source(JoinSettings join) => new(join, WorkloadPace.Decide(new ChaosOptions("f", null, 2, 5, 1, 2_000, 4), join, 1, Now), 0, 2_000);

    static JoinSettings Join(string settings) => ConfigLoader.LoadText(
        $$"""
        akkajoin {
          kafka.bootstrap-servers = "localhost:9092"
          joins.j { left.topic = l, right.topic = r, output.topic = o, type = inner, {{settings}} }
        }
        """,
        "test").Settings.Joins[0];
}
