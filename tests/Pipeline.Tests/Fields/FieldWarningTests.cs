using System.Text;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Rows;
using AkkaJoin.Pipeline.Tests.Routing;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Outputs;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Fields;

/// <summary>A path that matches nothing is told, with what is there instead.</summary>
public sealed class FieldWarningTests
{
    const string Good = "key = userId, time = ts, id = id";
    const string Record = """{"userId":"u","ts":1700000000000,"id":"i","device":{"kind":"tv"}}""";
    const string Fields = "Fields of a record: userId, ts, id, device.kind";

    [Fact]
    public void In_the_good_case_nothing_is_warned_of_and_every_path_is_counted()
    {
        var records = new CountedRecords(Good + ", filter = \"device.kind = 'tv'\"", "where = \"left.userId = right.u\"");
        records.Read(0, [.. Enumerable.Repeat(Record, 20)]);
        Assert.Empty(records.Look());
        Assert.Empty(records.AtTheEnd);
        var left = records.Left;
        Assert.Equal((20, 0, 0, 0L), (left.Read, left.Filtered, left.NullKeys, left.WithoutId));
        Assert.Empty(left.DeadLetters);
        Assert.Equal(("userId", 20, 0), Parts(Assert.Single(left.Where)));
        Assert.Equal(("device.kind", 20, 0), Parts(Assert.Single(left.Filter)));
    }

    [Theory]
    [InlineData("key = userid, time = ts", "", "20 of 20 left records of t have no key and match nothing: 'userid' is missing or "
        + "null. " + Fields + " (is 'userId' meant?)")]
    [InlineData("key = [id, user], time = ts", "", "20 of 20 left records of t have no key and match nothing: one of 'id', "
        + "'user' is missing or null. " + Fields + " (is 'userId' meant?)")]
    [InlineData("time = ts", "", "20 of 20 left records of t have no key and match nothing: their record key is null. " + Fields)]
    [InlineData("key = userId, time = tz", "", "20 of 20 left records of t are dead letters, missing-time 20 (the time field "
        + "'tz' is missing or null); they are in o.dead. " + Fields + " (is 'ts' meant?)")]
    [InlineData("key = userId, time = id", "", "20 of 20 left records of t are dead letters, bad-time 20 (the time field 'id' is "
        + "no epoch-millis in range); they are in o.dead. " + Fields)]
    [InlineData("key = device, time = ts", "", "20 of 20 left records of t are dead letters, bad-key 20 (the key field 'device' "
        + "is an object or an array); they are in o.dead. " + Fields)]
    [InlineData("key = userId, time = ts, id = uid", "", "20 of 20 left records of t have no id, so that copies of them are no "
        + "duplicates: 'uid' is missing or null. " + Fields + " (is 'id' meant?)")]
    [InlineData("key = userId, time = ts, id = \"header:uid\"", "", "20 of 20 left records of t have no id, so that copies of "
        + "them are no duplicates: 'header:uid' is missing or null. " + Fields)]
    [InlineData(Good, "where = \"left.device.knd = right.k\"", "the field 'left.device.knd' of where is missing or null in 20 of "
        + "20 records of t. " + Fields + " (is 'device.kind' meant?)")]
    [InlineData(Good + ", filter = \"kind = 'tv'\"", "", "the field 'kind' of left.filter is missing or null in 20 of 20 records "
        + "of t. " + Fields + " (is 'device.kind' meant?)")]
    public void A_path_that_matches_nothing_is_told_live_and_at_the_end_with_the_fields_that_are_there(string left, string more, string warning)
    {
        var records = new CountedRecords(left, more);
        records.Read(0, [.. Enumerable.Repeat(Record, 20)]);
        Assert.Equal(warning, Assert.Single(records.Look()));
        Assert.Empty(records.Look());
        Assert.Equal(warning, Assert.Single(records.AtTheEnd));
    }

    [Fact]
    public void A_field_of_a_row_that_is_in_no_record_is_told_and_what_replay_renders_again_changes_no_share()
    {
        var records = new CountedRecords(Good, "output.select = [\"left.userId\", \"left.divice.kind as kind\", \"right.rare\"]");
        records.Read(0, Record);
        WriteRows(records, 60);
        Assert.Empty(records.Look());
        WriteRows(records, 60);
        const string text = "'left.divice.kind' of output.select was missing or null in each of 120 records, and is null in "
            + "their rows. " + Fields + " (is 'device.kind' meant?)";
        Assert.Equal(text, Assert.Single(records.Look()));
        Assert.Empty(records.Look());
        Assert.Equal(text, Assert.Single(records.AtTheEnd));
        Assert.Equal(
            [("left.divice.kind", 120, 120), ("left.userId", 120, 0), ("right.rare", 120, 118)], records.Input.Select.Select(Parts));
    }

    [Fact]
    public void A_field_that_is_asked_for_null_may_be_missing()
    {
        var records = new CountedRecords(Good + ", filter = \"deleted is null\"", "where = \"left.gone is null or not left.lost "
            + "is not null\"");
        records.Read(0, [.. Enumerable.Repeat(Record, 20)]);
        Assert.Equal(20, Assert.Single(records.Left.Filter).Missing);
        Assert.Equal([20, 20], records.Left.Where.Select(f => f.Missing));
        Assert.Empty(records.Look());
        Assert.Empty(records.AtTheEnd);
    }

    [Fact]
    public void Half_of_the_records_may_lack_something_and_broken_ones_do_not_hide_the_names()
    {
        var records = new CountedRecords("key = userId, time = ts, id = id");
        string[] round = [Record, """{"ts":1700000000000}""", Record, "{broken", """{"userId":"u","ts":"x"}""", Record];
        records.Read(0, [.. Enumerable.Repeat(round, 10).SelectMany(r => r)]);
        Assert.Empty(records.Look());
        Assert.Empty(records.AtTheEnd);
        var left = records.Left;
        Assert.Equal((60, 10, 10L), (left.Read, left.NullKeys, left.WithoutId));
        Assert.Equal([("bad-time", 10), ("malformed-json", 10)], left.DeadLetters.OrderBy(r => r.Key, StringComparer.Ordinal)
            .Select(r => (r.Key, r.Value)));
        Assert.Equal(records.Fates.DeadLettered, left.DeadLetters.Values.Sum());
        Assert.Equal(["ts"], left.Fields);
    }

    [Fact]
    public void What_breaks_after_a_good_month_is_told_and_once_more_when_it_was_mended_in_between()
    {
        var records = new CountedRecords(Good);
        records.Read(0, [.. Enumerable.Repeat(Record, 10_000)]);
        Assert.Empty(records.Look());
        foreach (var minute in new[] { 1, 3 })
        {
            records.Read((minute * 120_000) + 60_000, [.. Enumerable.Repeat(Record.Replace("userId", "user_id", StringComparison.Ordinal), 20)]);
            Assert.Contains("20 of 20 left records", Assert.Single(records.Look()), StringComparison.Ordinal);
            Assert.Contains("user_id", string.Join(", ", records.Left.Fields), StringComparison.Ordinal);
            records.Read((minute * 120_000) + 120_000, [.. Enumerable.Repeat(Record, 20)]);
            Assert.Empty(records.Look());
        }

        Assert.Empty(records.AtTheEnd);
    }

    [Fact]
    public void A_few_records_are_judged_at_the_end_alone()
    {
        var records = new CountedRecords("key = k, time = ts");
        records.Read(0, Record, Record);
        Assert.Empty(records.Look());
        Assert.Single(records.AtTheEnd);
        records.Read(1, [.. Enumerable.Repeat(Record, 8)]);
        Assert.Single(records.Look());
    }

    [Fact]
    public void Reasons_without_number_of_a_decoder_of_the_user_s_own_are_gathered()
    {
        var decoded = new DecodedRecord();
        var tally = new SideTally();
        var chunk = TextChunks.Of(0, 1, 0, ["x"]);
        for (var i = 0; i < 1_000; i++)
        {
            decoded.Clear();
            decoded.Fail($"reason\n{i}", "detail");
            tally.Count(chunk, 0, isRouted: false, decoded);
        }

        var reasons = tally.Counts().DeadLetters;
        Assert.InRange(reasons.Count, 2, 17);
        Assert.Equal(1_000, reasons.Values.Sum());
        Assert.All(reasons.Keys, reason => Assert.DoesNotContain('\n', reason));
    }

    static (string Field, long Records, long Missing) Parts(FieldCount count) => (count.Field, count.Records, count.Missing);

    // A writer of its own each time, as after a restart of a key group.
    static void WriteRows(CountedRecords records, int count)
    {
        var writer = RowWriterFactory.Create(records.Join, records.Select);
        for (var i = 0; i < count; i++)
        {
            var row = JoinRow.Pair(Place(Record).View(), Place(i == 7 ? """{"rare":1}""" : "{}").View());
            writer.Write(row, new System.Buffers.ArrayBufferWriter<byte>());
        }
    }

    static RecordAddress Place(string value)
    {
        var writer = new RecordBatchWriter();
        writer.Begin(0);
        writer.Add(new NewRecord { Key = "k"u8, Value = Encoding.UTF8.GetBytes(value), Time = 1, RecordKeyIsNull = true });
        return new RecordAddress(writer.End(Side.Left, 0, 0, 1, 1, 0, 0).ToArray(), BatchHeader.Size, 0);
    }
}
