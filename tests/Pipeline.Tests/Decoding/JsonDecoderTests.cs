using System.Diagnostics;
using System.Text;
using System.Text.Json;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Conditions;
using Xunit;
using Xunit.Abstractions;
using static AkkaJoin.Pipeline.Tests.Decoding.Decoders;

namespace AkkaJoin.Pipeline.Tests.Decoding;

public sealed class JsonDecoderTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("""{"k":"a","ts":1}""", "a")]
    [InlineData("""{"k":"","ts":1}""", "")]
    [InlineData("""{"k":"a\u0062\n\"\\\/\uD83D\uDE00é","ts":1}""", "ab\n\"\\/😀é")]
    [InlineData("""{"k":12.50,"ts":1}""", "12.50")]
    [InlineData("""{"k":1E2,"ts":1}""", "1E2")]
    [InlineData("""{"k":true,"ts":1}""", "true")]
    [InlineData("""{"\u006b":"a","ts":1}""", "a")]
    [InlineData("""{"k":"first","ts":1,"k":"last"}""", "last")]
    [InlineData("""{"k":{"x":[1,{"k":2}]},"ts":1,"k":"last","o":{"k":3}}""", "last")]
    public void A_single_key_is_the_value_of_its_field(string json, string key)
    {
        var decoded = Decode(Source(key: "k"), json);
        Assert.Equal("", decoded.Reason);
        Assert.Equal(key, decoded.KeyText());
        Assert.False(decoded.KeyIsNull);
    }

    [Theory]
    [InlineData("""{"p":"m1","t":{"id":7},"ts":1}""", """["m1",7]""")]
    [InlineData("""{"p":"a\"\\\u0001\n\u00e9\/","t":{"id":false},"ts":1}""", """["a\"\\\u0001\né/",false]""")]
    [InlineData("""{ "t" : { "id" : "x" , "o" : {} } , "p" : 1.0 , "ts" : 1 }""", """[1.0,"x"]""")]
    [InlineData("""{"p":"\u007f\u001f\b\f\r\t","t":{"id":1},"ts":1}""", "[\"\u007f\\u001f\\b\\f\\r\\t\",1]")]
    public void A_composite_key_is_a_compact_array(string json, string key)
    {
        var decoded = Decode(Source(key: ["p", "t.id"]), json);
        Assert.Equal(key, decoded.KeyText());
        JsonDocument.Parse(decoded.KeyText());
    }

    [Theory]
    [InlineData("""{"p":"m1","ts":1}""")]
    [InlineData("""{"p":"m1","t":null,"ts":1}""")]
    [InlineData("""{"p":"m1","t":5,"ts":1}""")]
    [InlineData("""{"p":null,"t":{"id":1},"ts":1}""")]
    [InlineData("""{"p":"m1","t":{"id":1},"t":{},"ts":1}""")]
    [InlineData("""{"p":"m1","t":{"id":1},"t":[],"ts":1}""")]
    [InlineData("""{"p":"m1","t":{"id":1,"id":null},"ts":1}""")]
    public void A_missing_or_null_part_makes_a_null_key(string json)
    {
        var decoded = Decode(Source(key: ["p", "t.id"]), json);
        Assert.Equal("", decoded.Reason);
        Assert.True(decoded.KeyIsNull);
        Assert.Equal("", decoded.KeyText());
    }

    [Fact]
    public void Names_with_dots_can_be_quoted()
    {
        Assert.Equal("x", Decode(Source(key: "\"a.b\".c"), """{"a.b":{"c":"x"},"a":{"b":1},"ts":1}""").KeyText());
    }

    [Theory]
    [InlineData("""{"k":[],"ts":1}""", DeadLetterReasons.BadKey)]
    [InlineData("""{"k":{},"ts":1}""", DeadLetterReasons.BadKey)]
    [InlineData("""{"k":"\ud800","ts":1}""", DeadLetterReasons.MalformedJson)]
    [InlineData("""{"k":"a"}""", DeadLetterReasons.MissingTime)]
    [InlineData("""{"k":"a","ts":null}""", DeadLetterReasons.MissingTime)]
    [InlineData("""{"k":"a","ts":{}}""", DeadLetterReasons.BadTime)]
    [InlineData("""{"k":"a","ts":true}""", DeadLetterReasons.BadTime)]
    [InlineData("""{"k":"a","ts":9007199254740992}""", DeadLetterReasons.BadTime)]
    [InlineData("""{"k":"a","ts":1,"id":[]}""", DeadLetterReasons.BadId)]
    [InlineData("""[1]""", DeadLetterReasons.NotAnObject)]
    [InlineData("null", DeadLetterReasons.NotAnObject)]
    [InlineData("", DeadLetterReasons.MalformedJson)]
    [InlineData(" ", DeadLetterReasons.MalformedJson)]
    [InlineData("""{"k":"a","ts":1}}""", DeadLetterReasons.MalformedJson)]
    [InlineData("""{"k":"a","ts":1} {}""", DeadLetterReasons.MalformedJson)]
    [InlineData("""{"k":"a","ts":1""", DeadLetterReasons.MalformedJson)]
    [InlineData("""{"k":"a","ts":1,"o":{"x":tru}}""", DeadLetterReasons.MalformedJson)]
    [InlineData("""[1,]""", DeadLetterReasons.MalformedJson)]
    [InlineData("hello", DeadLetterReasons.MalformedJson)]
    [InlineData(null, DeadLetterReasons.NullValue)]
    public void A_bad_record_is_a_dead_letter(string? json, string reason)
    {
        var decoded = Decode(Source(id: "id", key: "k"), json);
        Assert.Equal(reason, decoded.Reason);
        Assert.NotEmpty(decoded.Detail);
        Assert.DoesNotContain("LineNumber", decoded.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("EpochMillis", decoded.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Invalid_UTF8_anywhere_is_malformed()
    {
        byte[] value = [.. """{"k":"a","ts":1,"other":" """u8, 0xC3, 0x28, .. "\"}"u8];
        Assert.Equal(DeadLetterReasons.MalformedJson, Decode(Source(key: "k"), value).Reason);
    }

    [Fact]
    public void Without_paths_any_JSON_is_a_value_and_null_is_one_too()
    {
        foreach (var json in new[] { "5", "[1]", "{}", null })
        {
            var decoded = Decode(Source(time: null), json, "a");
            Assert.Equal("", decoded.Reason);
            Assert.Equal("rk", decoded.KeyText());
            Assert.Equal(7, decoded.Time);
        }

        Assert.Equal(DeadLetterReasons.MalformedJson, Decode(Source(time: null), "5 5").Reason);
    }

    [Fact]
    public void A_record_without_a_timestamp_has_no_time()
    {
        var decoded = new DecodedRecord();
        var decoder = DecoderFactory.Create(Source(time: null), []);
        Assert.False(decoder.Decode(new ConsumedRecord { Value = "{}"u8, TimestampMs = -1 }, decoded));
        Assert.Equal(DeadLetterReasons.MissingTime, decoded.Reason);
    }

    [Theory]
    [InlineData("""{"ts":1,"id":"i\u002d1"}""", "i-1")]
    [InlineData("""{"ts":1,"id":12.0}""", "12.0")]
    [InlineData("""{"ts":1,"id":""}""", "")]
    [InlineData("""{"ts":1,"id":null}""", null)]
    [InlineData("""{"ts":1}""", null)]
    public void An_id_is_the_text_of_its_field(string json, string? id)
    {
        var decoded = Decode(Source(id: "id"), json);
        Assert.Equal(id is not null, decoded.HasId);
        Assert.Equal(id ?? "", decoded.IdText());
    }

    [Fact]
    public void The_last_header_of_a_name_is_the_id()
    {
        var decoder = DecoderFactory.Create(Source() with { IdHeader = "h" }, []);
        Assert.Equal("2", Id(decoder, Headers(("h", "1"), ("h", "2"), ("g", "3"))));
        Assert.Null(Id(decoder, Headers(("h", "1"), ("h", null))));
        Assert.Null(Id(decoder, Headers(("g", "1"))));
        Assert.Null(Id(decoder, []));
        Assert.Equal("", Id(decoder, Headers(("h", ""))));
    }

    [Fact]
    public void Fields_are_typed()
    {
        var decoded = Decode(Source(), """{"ts":1,"a":"\u0041","b":3.0,"c":2.5,"d":true,"e":null,"f":[1]}""", "a", "b", "c", "d", "e", "f", "g");
        var fields = decoded.Fields.WrittenSpan;
        Assert.Equal("A", Encoding.UTF8.GetString(TypedFields.Read(fields, 0).Text));
        Assert.Equal(3, TypedFields.Read(fields, 1).Int64);
        Assert.Equal(FieldType.Number, TypedFields.Read(fields, 2).Type);
        Assert.Equal(FieldType.True, TypedFields.Read(fields, 3).Type);
        Assert.Equal([FieldType.Missing, FieldType.Composite, FieldType.Missing], [TypedFields.Read(fields, 4).Type, TypedFields.Read(fields, 5).Type, TypedFields.Read(fields, 6).Type]);
    }

    [Fact]
    public void While_a_member_of_format_1_is_there_fields_are_what_it_knows()
    {
        var decoder = DecoderFactory.Create(Source(), ["a", "b", "c", "d"]);
        var decoded = new DecodedRecord { WritesFormat1 = true };
        var value = """{"ts":1,"a":2.5,"b":9223372036854775809,"c":{},"d":1e9999}"""u8;
        Assert.True(decoder.Decode(new ConsumedRecord { Value = value }, decoded));
        var fields = decoded.Fields.WrittenSpan;
        Assert.Equal((2.5, 9223372036854775808d, double.PositiveInfinity), (TypedFields.Read(fields, 0).Double, TypedFields.Read(fields, 1).Double, TypedFields.Read(fields, 3).Double));
        Assert.Equal(FieldType.Missing, TypedFields.Read(fields, 2).Type);
        decoded.Clear();
        Assert.True(decoder.Decode(new ConsumedRecord { Value = value }, decoded)); // it is not forgotten with the record
    }

    [Theory]
    [InlineData("1e6145")]
    [InlineData("-12345678901234567890123456789012345")]
    [InlineData("0.10000000000000000000000000000000001")]
    public void A_number_that_cannot_be_compared_exactly_is_a_dead_letter(string number)
    {
        var json = $$"""{"ts":1,"a":{{number}}}""";
        var decoded = Decode(Source(), json, "a");
        Assert.Equal(DeadLetterReasons.BadNumber, decoded.Reason);
        Assert.Contains("'a'", decoded.Detail, StringComparison.Ordinal);
        Assert.Equal("", Decode(Source(), json, "b").Reason); // where no condition reads it it is as good as any
        Assert.Equal(DeadLetterReasons.BadNumber, Decode(Source() with { Filter = WhereParser.ParseFilter("a = 1") }, json).Reason);
    }

    [Fact]
    public void Key_time_and_id_may_stand_in_headers_and_in_the_record_key()
    {
        var source = Source("header:ts", "record-key.id", "header:tenant", "k", "record-key.\"a.b\".c");
        var decoder = DecoderFactory.Create(source, []);
        var decoded = new DecodedRecord();
        Assert.True(decoder.Decode(
            new ConsumedRecord
            {
                Key = """{"id":5,"a.b":{"c":true}}"""u8,
                Value = """{"k":"v"}"""u8,
                TimestampMs = -1,
                Headers = Headers(("tenant", "no"), ("ts", "12"), ("tenant", "é\"")),
            },
            decoded));
        Assert.Equal(("[\"é\\\"\",\"v\",true]", 12L, "5"), (decoded.KeyText(), decoded.Time, decoded.IdText()));
    }

    [Theory]
    [InlineData("""{"id":5}""", "1", "", true)]
    [InlineData("[1]", "1", "", true)]
    [InlineData(null, "1", "", true)]
    [InlineData("""{"m":{}}""", "1", DeadLetterReasons.BadKey, false)]
    [InlineData("plain", "1", DeadLetterReasons.BadKey, false)]
    [InlineData("""{"m":1}""", null, DeadLetterReasons.MissingTime, false)]
    [InlineData("""{"m":1}""", "soon", DeadLetterReasons.BadTime, false)]
    [InlineData("""{"m":1}""", "1", "", false)]
    public void What_is_missing_there_makes_the_key_null_and_what_is_none_a_dead_letter(string? recordKey, string? time, string reason, bool isNull)
    {
        var decoder = DecoderFactory.Create(Source("header:ts", key: "record-key.m"), []);
        var decoded = new DecodedRecord();
        var record = new ConsumedRecord { Key = Encoding.UTF8.GetBytes(recordKey ?? ""), KeyIsNull = recordKey is null, Value = "{}"u8, Headers = Headers(("ts", time)) };
        Assert.Equal(reason.Length == 0, decoder.Decode(record, decoded));
        Assert.Equal((reason, isNull), (decoded.Reason, decoded.KeyIsNull));
    }

    [Fact]
    public void A_header_alone_is_the_key_as_it_is_and_a_part_must_be_a_text()
    {
        var headers = new byte[64];
        var length = HeaderEncoding.WriteCount(headers, 1);
        length += HeaderEncoding.Append(headers.AsSpan(length), "h"u8, [0xFF], false);
        var record = new ConsumedRecord { Value = """{"ts":1,"k":1}"""u8, Headers = headers.AsSpan(0, length) };
        var decoded = new DecodedRecord();
        Assert.True(DecoderFactory.Create(Source(key: "header:h"), []).Decode(record, decoded));
        Assert.Equal([0xFF], decoded.Key.WrittenSpan.ToArray());
        decoded.Clear();
        Assert.False(DecoderFactory.Create(Source(key: ["header:h", "k"]), []).Decode(record, decoded));
        Assert.Equal(DeadLetterReasons.BadKey, decoded.Reason);
    }

    [Theory]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF })]
    [InlineData(new byte[] { 0, 0, 0, 1, 2 })]
    [InlineData(new byte[] { 0, 0, 0, 1, 2, 0xEF, 0xBB, 0xBF })]
    public void What_stands_before_the_JSON_is_skipped(byte[] prefix)
    {
        byte[] value = [.. prefix, .. """{"k":"a\u0062","ts":5,"id":"i","n":2.5}"""u8];
        var source = Source(id: "id", key: ["k", "record-key.m"]) with { Filter = WhereParser.ParseFilter("n = 2.5") };
        var decoded = new DecodedRecord();
        byte[] key = [.. prefix, .. """{"m":1}"""u8];
        Assert.True(DecoderFactory.Create(source, ["n"])
            .Decode(new ConsumedRecord { Key = key, Value = value, TimestampMs = 1 }, decoded), decoded.Detail);
        Assert.Equal(("[\"ab\",1]", 5L, "i"), (decoded.KeyText(), decoded.Time, decoded.IdText()));
    }

    [Theory]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0, 1, 2, 3, 4 })]
    [InlineData(new byte[] { 0, 1, 2, 3, 4, 8, 1 })]
    [InlineData(new byte[] { 0xEF, 0xBB })]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF })]
    public void A_prefix_without_JSON_behind_it_is_malformed(byte[] value) =>
        Assert.Equal(DeadLetterReasons.MalformedJson, Decode(Source(key: "k"), value).Reason);

    [Theory]
    [InlineData("""{"k":"a","ts":5,"t":"x"}""", "joined", 5)]
    [InlineData("""{"k":"a","ts":5,"t":"y"}""", "filtered", 5)]
    [InlineData("""{"k":"a","ts":5}""", "filtered", 5)]
    [InlineData("""{"k":[],"ts":5,"id":[]}""", "filtered", 5)]
    [InlineData("""{"k":"\ud800","ts":5}""", "filtered", 5)]
    [InlineData("""{"k":"a","ts":"soon"}""", "filtered", DecodedRecord.NoTime)]
    [InlineData("""{"k":"a","ts":9007199254740992}""", "filtered", DecodedRecord.NoTime)]
    [InlineData("[1]", "filtered", DecodedRecord.NoTime)]
    [InlineData(null, "filtered", DecodedRecord.NoTime)]
    [InlineData("""{"k":[],"ts":5,"t":"x"}""", DeadLetterReasons.BadKey, 0)]
    [InlineData("""{"k":"a","t":"x"}""", DeadLetterReasons.MissingTime, 0)]
    [InlineData("""{"k":"a","ts":5,"t":"\ud800"}""", DeadLetterReasons.MalformedJson, 0)]
    [InlineData("""{"k":"a","ts":5,"t":"y" """, DeadLetterReasons.MalformedJson, 0)]
    public void A_filter_is_judged_before_key_and_time(string? json, string fate, long time)
    {
        var source = Source(id: "id", key: "k") with { Filter = WhereParser.ParseFilter("t = 'x'") };
        var decoded = Decode(source, json);
        Assert.Equal(fate, decoded.IsFiltered ? "filtered" : decoded.Reason.Length == 0 ? "joined" : decoded.Reason);
        Assert.Equal(time, decoded.Time);
    }

    [Fact]
    public void A_record_whose_time_is_its_own_moves_time_when_it_is_filtered()
    {
        var decoded = Decode(Source(time: null) with { Filter = WhereParser.ParseFilter("t = 'x'") }, """{"t":"y"}""");
        Assert.Equal((true, 7L), (decoded.IsFiltered, decoded.Time));
    }

    [Fact]
    public void Keys_equal_what_a_document_says()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < 500; i++)
        {
            var (a, b) = (Text(random), Text(random));
            var json = JsonSerializer.Serialize(new Dictionary<string, object> { ["x"] = a, ["ts"] = 5, ["b"] = b, ["a"] = a });
            var decoded = Decode(Source(key: ["a", "b"]), json);
            var parts = JsonSerializer.Deserialize<string[]>(decoded.KeyText())!;
            Assert.True(parts.SequenceEqual([a, b]), $"seed {seed}: {json} gave {decoded.KeyText()}");
            Assert.Equal(a, Decode(Source(key: "a"), json).KeyText());
        }
    }

    [Fact]
    public void Damaged_values_never_throw()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var good = """{"k":"a\u00e9\n","o":{"x":[1,2.5e3,null]},"ts":1573552530123,"id":"i-\ud83d\ude00"}"""u8.ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var value = good.ToArray();
            for (var n = random.Next(1, 4); n > 0; n--)
                value[random.Next(value.Length)] = (byte)random.Next(256);
            Decode(Source(id: "id", key: ["k", "o.x"]), value[..random.Next(value.Length + 1)], "o.x", "k");
        }
    }

    [Theory]
    [InlineData("""{"k":"a","ts":5,"t":"x"}""")]
    [InlineData("""{"k":"a","ts":5,"t":"\u0079"}""")]
    [InlineData("""{"k":"a","t":"y"}""")]
    public void A_filter_allocates_nothing(string json)
    {
        var decoder = DecoderFactory.Create(Source(key: "k") with { Filter = WhereParser.ParseFilter("t = 'x' or n > 3") }, ["t"]);
        var (decoded, value) = (new DecodedRecord(), Encoding.UTF8.GetBytes(json));
        Run(decoder, value, decoded, 10_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(decoder, value, decoded, 1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_good_record_allocates_nothing()
    {
        var value = """{"profile":"m123456","title":"t123","ts":1573552530123,"id":"i-123456789","row":3,"position":7,"artwork":"a1"}"""u8.ToArray();
        var decoder = DecoderFactory.Create(Source(id: "id", key: ["profile", "title"]), []);
        var decoded = new DecodedRecord();
        Run(decoder, value, decoded, 200_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(decoder, value, decoded, 1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        var clock = Stopwatch.StartNew();
        Run(decoder, value, decoded, 1_000_000);
        output.WriteLine($"{clock.Elapsed.TotalNanoseconds / 1_000_000:F0} ns a record of {value.Length} bytes");
    }

    static void Run(IRecordDecoder decoder, byte[] value, DecodedRecord decoded, int times)
    {
        for (var i = 0; i < times; i++)
        {
            decoded.Clear();
            decoder.Decode(new ConsumedRecord { Value = value, KeyIsNull = true, TimestampMs = 1 }, decoded);
        }
    }

    static string? Id(IRecordDecoder decoder, byte[] headers)
    {
        var decoded = new DecodedRecord();
        Assert.True(decoder.Decode(new ConsumedRecord { Value = """{"ts":1}"""u8, Headers = headers }, decoded));
        return decoded.HasId ? decoded.IdText() : null;
    }

    static string Text(Random random)
    {
        const string alphabet = "ab\"\\/\n\r\t\b\f\u0001\u001f\u007fé\u2028€";
        var text = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => alphabet[random.Next(alphabet.Length)]));
        return random.Next(4) == 0 ? text + "😀" : text;
    }
}
