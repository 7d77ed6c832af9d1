using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Testing;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Testing;

public sealed class DecoderTesterTests
{
    [Fact]
    public void A_decoder_of_the_program_s_own_keeps_the_rules()
    {
        var source = new SourceSettings { Topic = "t", KeyPaths = ["k"], TimePath = "ts", IdHeader = "id" };
        var decoder = new DecoderTester(new JsonDecoder(source, ["a", "b", "c", "d", "e"]), fields: 5);
        var record = TestRecord.Of("""{"k":"x","ts":7,"a":1,"b":"t","c":true,"d":1.5,"e":{}}""") with
        {
            Headers = [new("id", "i1"u8.ToArray())],
        };

        var decoded = decoder.Decode(record);

        Assert.True(decoded.IsJoined);
        Assert.Equal(("x", 7L, "i1"), (decoded.KeyText, decoded.Time, decoded.IdText));
        Assert.Equal([1L, "t", true, "1.5", DecodingResult.Composite], decoded.Fields);
        Assert.Equal("malformed-json", decoder.Decode(TestRecord.Of("{")).Reason);
    }

    [Fact]
    public void A_decoder_reads_all_of_a_record()
    {
        var seen = "";
        var decoder = new DecoderTester(new Decoder((in ConsumedRecord record, DecodedRecord decoded) =>
        {
            var headers = HeaderEncoding.Read(record.Headers);
            seen = $"{record.KeyIsNull} {record.ValueIsNull} {record.TimestampMs} {headers.Count}";
            while (headers.MoveNext())
                seen += headers.ValueIsNull ? " null" : $" {headers.Value.Length}";
            return decoded.Filter(3);
        }));

        var decoded = decoder.Decode(new TestRecord { TimestampMs = 9, Headers = [new("a", null), new("b", [1, 2])] });

        Assert.Equal("True True 9 2 null 2", seen);
        Assert.True(decoded.IsFiltered);
        Assert.Equal(3, decoded.Time);
    }

    [Fact]
    public void A_decoder_that_keeps_something_is_found()
    {
        var count = 0;
        Breaks("two results", (in ConsumedRecord record, DecodedRecord decoded) =>
        {
            decoded.Time = count++;
            return true;
        });
    }

    [Fact]
    public void A_record_is_joined_or_has_a_fate()
    {
        Breaks("returns false", (in ConsumedRecord record, DecodedRecord decoded) => false);
        Breaks("returns true after Fail", (in ConsumedRecord record, DecodedRecord decoded) => !decoded.Fail("no", "no"));
        Breaks("returns true after Filter", (in ConsumedRecord record, DecodedRecord decoded) => !decoded.Filter(0));
    }

    [Fact]
    public void An_event_time_lies_within_the_limits() => Breaks("TimeLimits", (in ConsumedRecord record, DecodedRecord decoded) =>
    {
        decoded.Time = TimeLimits.Max + 1;
        return true;
    });

    [Fact]
    public void All_fields_are_written_or_none() => Breaks("told to find 0", (in ConsumedRecord record, DecodedRecord decoded) =>
    {
        TypedFields.WriteInt64(decoded.Fields, 1);
        return true;
    });

    static void Breaks(string rule, Decode decode)
    {
        var tester = new DecoderTester(new Decoder(decode));
        var broken = Assert.Throws<FormatRuleException>(() => tester.Decode(TestRecord.Of("v")));
        Assert.Contains(rule, broken.Message, StringComparison.Ordinal);
    }

    delegate bool Decode(in ConsumedRecord record, DecodedRecord decoded);

    sealed class Decoder(Decode decode) : IRecordDecoder
    {
        bool IRecordDecoder.Decode(in ConsumedRecord record, DecodedRecord decoded) => decode(record, decoded);
    }
}
