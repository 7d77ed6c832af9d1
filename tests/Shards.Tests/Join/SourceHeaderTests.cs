using System.Text;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Join;

/// <summary>A row leads to the records that it joins.</summary>
public sealed class SourceHeaderTests
{
    [Fact]
    public void A_pair_names_both_records_and_an_unmatched_row_its_own()
    {
        var group = Group(JoinType.Full, namesSource: true);
        Assert.Equal(
            ["matched l/0/3:17,r/0/1:9", "unmatched l/0/3:18", "unmatched r/0/1:12"],
            Rows(group, [Left(17, "a", 100), Left(18, "b", 100)], [Right(9, "a", 105), Right(12, "c", 105)]));
    }

    [Fact]
    public void An_attribution_names_the_right_first_and_its_lefts_in_the_order_of_the_row()
    {
        var group = Group(JoinType.Attribution, namesSource: true);
        Assert.Equal(
            ["matched r/0/1:9,l/0/3:18,l/0/3:17", "unmatched l/0/3:19"],
            Rows(group, [Left(17, "a", 101), Left(18, "a", 100), Left(19, "b", 100)], [Right(9, "a", 105)]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Lefts_that_the_row_does_not_show_are_counted()
    {
        var group = Group(JoinType.Attribution, namesSource: true, maxLefts: 2);
        TestRecord[] lefts = [.. Enumerable.Range(0, 5).Select(i => Left(i, "a", 100 + i))];
        Assert.Equal(["matched r/0/1:9,l/0/3:0,l/0/3:1,+3"], Rows(group, lefts, [Right(9, "a", 105)]));
    }

    [Fact]
    public void Records_that_do_not_fit_are_counted()
    {
        const long far = 4_000_000_000_000_000_000;
        var group = Group(JoinType.Attribution, namesSource: true);
        var row = Assert.Single(Rows(group, [.. Enumerable.Range(0, 500).Select(i => Left(far + i, "a", 100))], [Right(9, "a", 105)]));
        var parts = row["matched ".Length..].Split(',');
        Assert.InRange(row.Length, 900, 1_024 + "matched ".Length);
        Assert.Equal("r/0/1:9", parts[0]);
        Assert.Equal($"+{500 - (parts.Length - 2)}", parts[^1]);
        Assert.All(parts[1..^1], (part, i) => Assert.Equal($"l/0/3:{far + i}", part));
    }

    [Fact]
    public void Without_the_setting_a_row_has_no_header_and_the_events_are_the_same()
    {
        byte[][] Events(bool namesSource, out List<string> rows)
        {
            var group = Group(JoinType.Inner, namesSource);
            rows = Rows(group, [Left(17, "a", 100)], [Right(9, "a", 105)], out var events);
            return [.. events];
        }

        var without = Events(false, out var bare);
        var with = Events(true, out var named);
        Assert.Equal(without, with);
        Assert.Equal(["matched "], bare);
        Assert.Equal(["matched l/0/3:17,r/0/1:9"], named);
    }

    [Fact]
    public void After_a_snapshot_rows_name_the_same_positions()
    {
        var group = Group(JoinType.Inner, namesSource: true);
        Rows(group, [Left(17, "a", 100)], []);
        var restored = Group(JoinType.Inner, namesSource: true, group.TakeSnapshot());
        Assert.Equal(["matched l/0/3:17,r/0/1:9"], Rows(restored, [], [Right(9, "a", 105)]));
    }

    static TestRecord Left(long offset, string key, long time) => new($"l{offset}", Side.Left, key, time, Partition: 3, Offset: offset);

    static TestRecord Right(long offset, string key, long time) => new($"r{offset}", Side.Right, key, time, Partition: 1, Offset: offset);

    static KeyGroup Group(JoinType type, bool namesSource, byte[]? snapshot = null, int maxLefts = 1000)
    {
        var group = new KeyGroup(
            0,
            Definitions.Of(type, 10, 10, maxLefts: maxLefts),
            Incarnations.OnlyOne,
            _ => new TestRowWriter(),
            new KeyGroupLimits(),
            writesSource: namesSource);
        if (snapshot is not null)
            group.Restore(snapshot);
        group.Recovered();
        return group;
    }

    static List<string> Rows(KeyGroup group, TestRecord[] lefts, TestRecord[] rights) => Rows(group, lefts, rights, out _);

    static List<string> Rows(KeyGroup group, TestRecord[] lefts, TestRecord[] rights, out List<byte[]> events)
    {
        TestBatch[] batches = [.. new[] { Batch(Side.Left, 3, lefts), Batch(Side.Right, 1, rights) }.OfType<TestBatch>()];
        group.Offer(new Deliver(0, [.. batches.SelectMany(batch => batch.Encode())]), group);
        events = [];
        var rows = Apply(group, events);
        if (lefts.Length == 0 || rights.Length == 0)
            return rows;
        group.Offer(new EndInput(0, TimeLimits.Max, TimeLimits.Max), group);
        return [.. rows, .. Apply(group, events)];
    }

    static TestBatch? Batch(Side side, int partition, TestRecord[] records) => records.Length == 0
        ? null
        : new TestBatch(side, partition, partition + 1, 0, records[^1].Offset + 1, records, Watermark: 0);

    static List<string> Apply(KeyGroup group, List<byte[]> events)
    {
        var rows = new List<string>();
        var bytes = group.NextEvent();
        if (bytes is null)
            return rows;
        events.Add(bytes);
        var reader = OutputEncoding.Read(group.Apply(group.Sequence + 1, bytes));
        while (reader.MoveNext())
        {
            var headers = HeaderEncoding.Read(reader.Headers);
            var value = "";
            while (reader.Headers.Length > 0 && headers.MoveNext())
            {
                Assert.Equal(OutputHeaders.Source, Encoding.UTF8.GetString(headers.Name));
                value += Encoding.UTF8.GetString(headers.Value);
            }

            rows.Add($"{reader.Kind.ToString().ToLowerInvariant()} {value}");
        }

        group.Confirm(group.Sequence);
        group.AnswerConfirmed();
        return rows;
    }
}
