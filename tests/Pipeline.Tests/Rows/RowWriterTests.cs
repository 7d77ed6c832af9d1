using System.Buffers;
using System.Text;
using System.Text.Json;
using AkkaJoin.Pipeline.Rows;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Outputs;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Rows;

public sealed class RowWriterTests
{
    static readonly RowSide Json = new(false, false);
    static readonly RowSide Composite = new(true, false);
    static readonly RowSide Raw = new(false, true);

    [Fact]
    public void A_pair_embeds_both_values_unchanged()
    {
        var (left, right) = (Place("""["m",1]""", 5, """{ "a" : 1.0 }"""), Place("""["m",1]""", 6, """{"b":"\u0041"}"""));
        Assert.Equal(
            """{"key":["m",1],"leftTime":5,"rightTime":6,"left":{ "a" : 1.0 },"right":{"b":"\u0041"}}""",
            Write(new JsonRowWriter(Composite, Composite), JoinRow.Pair(left.View(), right.View())));
    }

    [Fact]
    public void Rows_have_the_JSON_without_what_stood_before_it()
    {
        byte[] framed = [0, 0, 0, 1, 2, .. "{\"a\":1}"u8], marked = [0xEF, 0xBB, 0xBF, .. "{\"b\":2}"u8];
        var left = Place(new NewRecord { Key = "k"u8, Value = framed, Time = 1, RecordKeyIsNull = true });
        var right = Place(new NewRecord { Key = "k"u8, Value = marked, Time = 2, RecordKeyIsNull = true });
        var row = JoinRow.Pair(left.View(), right.View());
        Assert.Equal("""{"key":"k","leftTime":1,"rightTime":2,"left":{"a":1},"right":{"b":2}}""", Write(new JsonRowWriter(Json, Json), row));
        Assert.Equal("""{"left.a":1,"right":{"b":2},"b":2}""", Write(new SelectRowWriter(["left.a", "right", "right.b as b"], false, Json, Json), row));
        Assert.Contains("AAAAAQJ7", Write(new JsonRowWriter(Raw, Json), row), StringComparison.Ordinal); // raw values are as they are
    }

    [Fact]
    public void Selected_fields_may_be_renamed()
    {
        var (left, right) = (Place("k", 5, """{"a":{"b":1},"x as y":3}"""), Place("k", 6, """{"c":"t"}"""));
        Assert.Equal(
            """{"c":1,"x":3,"my \"key\"":"k","leftTime":5}""",
            Write(
                new SelectRowWriter(["left.a.b as c", "left.\"x as y\" AS  x", "key as \"my \"\"key\"\"\"", "leftTime"], false, Json, Json),
                JoinRow.Pair(left.View(), right.View())));
    }

    [Fact]
    public void A_side_without_a_record_is_null()
    {
        var writer = new JsonRowWriter(Json, Json);
        var place = Place("a\"b", 5, "{}");
        Assert.Equal("""{"key":"a\"b","leftTime":5,"rightTime":null,"left":{},"right":null}""", Write(writer, JoinRow.OnlyLeft(place.View())));
        Assert.Equal("""{"key":"a\"b","leftTime":null,"rightTime":5,"left":null,"right":{}}""", Write(writer, JoinRow.OnlyRight(place.View())));
        place = Place(null, -5, null);
        Assert.Equal("""{"key":null,"leftTime":-5,"rightTime":null,"left":null,"right":null}""", Write(writer, JoinRow.OnlyLeft(place.View())));
    }

    [Fact]
    public void Raw_values_and_keys_that_are_no_UTF8_are_base64()
    {
        var record = new NewRecord { Key = [0xFF, 0xFE], Value = "hello"u8, Time = 1, RecordKey = [0xFF, 0xFE] };
        Assert.Equal(
            """{"key":"//4=","leftTime":1,"rightTime":null,"left":"aGVsbG8=","right":null}""",
            Write(new JsonRowWriter(Raw, Json), JoinRow.OnlyLeft(Place(record).View())));
    }

    [Fact]
    public void An_attribution_shows_the_lefts_it_took()
    {
        var writer = new JsonRowWriter(Json, Json);
        RecordAddress[] lefts = [Place("k", 1, "{\"n\":1}"), Place("k", 2, null)];
        var right = Place("k", 3, "{\"p\":1}");
        Assert.Equal(
            """{"key":"k","rightTime":3,"right":{"p":1},"lefts":[{"n":1},null],"leftCount":9}""",
            Write(writer, JoinRow.Attribution(right.View(), lefts, 9)));
        Assert.Equal(
            """{"key":"k","rightTime":3,"right":{"p":1},"lefts":[],"leftCount":0}""",
            Write(writer, JoinRow.Attribution(right.View(), default, 0)));
        Assert.Equal(
            """{"key":"k","rightTime":null,"right":null,"lefts":[{"n":1}],"leftCount":1}""",
            Write(writer, JoinRow.Untaken(lefts.AsSpan(0, 1))));
    }

    [Fact]
    public void Selected_fields_stand_flat_under_their_names()
    {
        string[] select = ["key", "left.row", "right.o.x", "right.o", "left.no", "leftTime", "right"];
        var writer = new SelectRowWriter(select, attribution: false, Json, Json);
        var (left, right) = (Place("k", 1, """{"row":"3\n","row":[1, 2]}"""), Place("k", 2, """{"o":{"x":"\u0041"}}"""));
        Assert.Equal(
            """{"key":"k","left.row":[1, 2],"right.o.x":"\u0041","right.o":{"x":"\u0041"},"left.no":null,"leftTime":1,"right":{"o":{"x":"\u0041"}}}""",
            Write(writer, JoinRow.Pair(left.View(), right.View())));
        Assert.Equal(
            """{"key":"k","left.row":[1, 2],"right.o.x":null,"right.o":null,"left.no":null,"leftTime":1,"right":null}""",
            Write(writer, JoinRow.OnlyLeft(left.View())));
    }

    [Fact]
    public void Selected_fields_of_an_attribution_are_arrays()
    {
        var writer = new SelectRowWriter(["right.p", "lefts.n", "leftCount", "rightTime"], attribution: true, Json, Json);
        RecordAddress[] lefts = [Place("k", 1, "{\"n\":1}"), Place("k", 2, "{}"), Place("k", 2, null)];
        var row = JoinRow.Attribution(Place("k", 3, "{\"p\":true}").View(), lefts, 3);
        Assert.Equal("""{"right.p":true,"lefts.n":[1,null,null],"leftCount":3,"rightTime":3}""", Write(writer, row));
    }

    [Theory]
    [InlineData("left.", false)]
    [InlineData("time", false)]
    [InlineData("leftCount", false)]
    [InlineData("left.row", true)]
    [InlineData("key.a", false)]
    public void A_name_that_means_nothing_is_a_mistake_of_configuration(string name, bool attribution) =>
        Assert.Equal(78, Assert.Throws<UserException>(() => new SelectRowWriter([name], attribution, Json, Json)).ExitCode);

    [Fact]
    public void Selecting_fields_of_raw_values_is_a_mistake() =>
        Assert.Throws<UserException>(() => new SelectRowWriter(["left.a"], false, Raw, Json));

    [Fact]
    public void The_factory_follows_the_settings()
    {
        var join = Join();
        Assert.IsType<JsonRowWriter>(RowWriterFactory.Create(join));
        Assert.IsType<SelectRowWriter>(RowWriterFactory.Create(join with { Output = join.Output with { Select = ["key"] } }));
        Assert.Throws<UserException>(() => RowWriterFactory.Create(join with { Output = join.Output with { Format = "xml" } }));
    }

    static JoinSettings Join() => new()
    {
        Name = "j",
        Type = JoinType.Inner,
        BeforeMs = 0,
        AfterMs = 1,
        Left = new SourceSettings { Topic = "l" },
        Right = new SourceSettings { Topic = "r" },
        GroupId = "g",
        Output = new OutputSettings { Topic = "o", LateTopic = "o.late", DeadLetterTopic = "o.dead" },
        Flow = new FlowSettings(),
    };

    static string Write(IRowWriter writer, in JoinRow row)
    {
        var output = new ArrayBufferWriter<byte>();
        writer.Write(row, output);
        JsonDocument.Parse(output.WrittenMemory);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    static RecordAddress Place(string? key, long time, string? value) => Place(new NewRecord
    {
        Key = Encoding.UTF8.GetBytes(key ?? ""),
        KeyIsNull = key is null,
        Value = Encoding.UTF8.GetBytes(value ?? ""),
        ValueIsNull = value is null,
        RecordKeyIsNull = true,
        Time = time,
    });

    static RecordAddress Place(NewRecord record)
    {
        var writer = new RecordBatchWriter();
        writer.Begin(0);
        writer.Add(record);
        return new RecordAddress(writer.End(Side.Left, 0, 0, 1, 1, 0, 0).ToArray(), BatchHeader.Size, 0);
    }
}
