using System.Text;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Tests.Encodings;
using Xunit;
using static AkkaJoin.Pipeline.Tests.Decoding.Decoders;

namespace AkkaJoin.Pipeline.Tests.Decoding;

/// <summary>Whatever a topic holds, a record is decoded or becomes a dead letter.</summary>
public sealed class JsonFuzzTests
{
    static readonly byte[][] Samples =
    [
        .. ((string[])
        [
            """{"k":"a","t":{"id":7,"o":[1,{"k":2}]},"ts":1573552530000,"id":"i1","x":12.50,"y":true,"z":null}""",
            """{ "k" : "a\u0062\n\"\\\/\uD83D\uDE00é" , "ts" : 1.5e3, "ts":"2019-11-12T09:55:30Z", "t":{"id":[]},"x":-0, "x": "text" }""",
            """{"a":{"b":{"c":{"d":[[[[[{"e":1}]]]]]}}},"k":1E2,"ts":9007199254740991,"id":9}""",
        ]).Select(Encoding.UTF8.GetBytes),
    ];

    static readonly string[] Words =
    [
        "{", "}", "[", "]", ":", ",", "\"", "\"k\":", "\"ts\":", "\"id\":", "\"t\":{", "null", "true", "-", "1e999", "1E-400", "9223372036854775808", "\\u", "\\ud800", "\\uDC00", "\uFEFF",
        "123456789012345678901234567890", "2019-02-30T00:00:00Z", "[[[[[[[[[[[[[[[[[[[[", "{\"t\":{\"t\":{\"t\":",
    ];

    [Fact]
    public void Values_with_a_composite_key_a_time_an_id_and_fields()
    {
        var decoder = DecoderFactory.Create(Source(id: "id", key: ["k", "t.id"]), ["x", "y", "a.b.c", "t"]);
        var decoded = new DecodedRecord();
        Fuzzer.Run(Samples, bytes => Decode(decoder, decoded, bytes), Words);
    }

    [Fact]
    public void Values_whose_time_is_a_text()
    {
        var source = Source(time: "ts", key: "k") with { TimeFormat = TimeFormat.Iso8601 };
        var decoder = DecoderFactory.Create(source, []);
        var decoded = new DecodedRecord();
        Fuzzer.Run(Samples, bytes => Decode(decoder, decoded, bytes), Words);
    }

    static void Decode(IRecordDecoder decoder, DecodedRecord decoded, byte[] bytes)
    {
        decoded.Clear();
        decoder.Decode(new ConsumedRecord { Key = "rk"u8, Value = bytes, TimestampMs = 7 }, decoded);
    }
}
