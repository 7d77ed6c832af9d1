using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Conditions;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Decoding;

public sealed class DecoderFactoryTests
{
    [Fact]
    public void A_decoder_of_ones_own_is_made_by_name()
    {
        var source = new SourceSettings { Topic = "t", Format = typeof(OwnDecoder).AssemblyQualifiedName! };
        Assert.IsType<OwnDecoder>(DecoderFactory.Create(source, []));
    }

    [Theory]
    [InlineData("jsn", "unknown format 'jsn'")]
    [InlineData("No.Such.Type, No.Such.Assembly", "there is no assembly No.Such.Assembly: put No.Such.Assembly.dll")]
    [InlineData("No.Such.Type, AkkaJoin.Pipeline.Tests", "has no type No.Such.Type; it has AkkaJoin.Pipeline.Tests.")]
    [InlineData("No.Such.Type, AkkaJoin.Shards", "has no type No.Such.Type, and none that implements IRecordDecoder")]
    [InlineData("AkkaJoin.Pipeline.Decoding.IRecordDecoder, AkkaJoin.Pipeline", "is abstract")]
    [InlineData("A.B, ../../etc/passwd", "there is no assembly")]
    [InlineData("System.String, System.Private.CoreLib", "does not implement")]
    [InlineData("AkkaJoin.Pipeline.Tests.Decoding.UnfitDecoder, AkkaJoin.Pipeline.Tests", "no public constructor")]
    [InlineData("AkkaJoin.Pipeline.Tests.Decoding.OwnDecoder, AkkaJoin.Pipeline.Tests", "cannot be made: not today")]
    public void One_that_cannot_be_made_is_a_mistake_of_configuration(string format, string message)
    {
        var e = Assert.Throws<UserException>(() => DecoderFactory.Create(new SourceSettings { Topic = "bad", Format = format }, []));
        Assert.Equal(78, e.ExitCode);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_paths_and_fields_of_raw_values_are_mistakes_too()
    {
        var bad = new SourceSettings { Topic = "t", TimePath = "a..b" };
        Assert.Equal(78, Assert.Throws<UserException>(() => DecoderFactory.Create(bad, [])).ExitCode);
        var raw = new SourceSettings { Topic = "t", Format = "raw", KeyPaths = ["k"] };
        Assert.Equal(78, Assert.Throws<UserException>(() => DecoderFactory.Create(raw, [])).ExitCode);
        Assert.Throws<UserException>(() => DecoderFactory.Create(raw with { KeyPaths = [] }, ["a"]));
    }

    [Fact]
    public void Raw_takes_key_time_and_id_from_the_record()
    {
        var decoder = DecoderFactory.Create(new SourceSettings { Topic = "t", Format = "raw", IdHeader = "id" }, []);
        var decoded = new DecodedRecord();
        var record = new ConsumedRecord { Key = [0xFF], ValueIsNull = true, TimestampMs = 5, Headers = Decoders.Headers(("id", "x")) };
        Assert.True(decoder.Decode(record, decoded));
        Assert.Equal([0xFF], decoded.Key.WrittenSpan.ToArray());
        Assert.Equal((5, "x"), (decoded.Time, decoded.IdText()));
        decoded.Clear();
        Assert.False(decoder.Decode(new ConsumedRecord { KeyIsNull = true, TimestampMs = -1 }, decoded));
        Assert.Equal(DeadLetterReasons.MissingTime, decoded.Reason);
    }

    [Fact]
    public void Raw_takes_them_from_headers_and_a_JSON_record_key_too()
    {
        var decoder = DecoderFactory.Create(
            new SourceSettings { Topic = "t", Format = "raw", KeyPaths = ["record-key.m", "header:tenant"], TimePath = "header:ts", IdPath = "record-key.i" }, []);
        var decoded = new DecodedRecord();
        var record = new ConsumedRecord { Key = """{"m":7,"i":"x"}"""u8, Value = [0xFF], TimestampMs = 5, Headers = Decoders.Headers(("tenant", "a\"b"), ("ts", "1e3")) };
        Assert.True(decoder.Decode(record, decoded));
        Assert.Equal(("[7,\"a\\\"b\"]", 1000L, "x"), (decoded.KeyText(), decoded.Time, decoded.IdText()));
        var mixed = new SourceSettings { Topic = "t", Format = "raw", KeyPaths = ["record-key.m", "k"] };
        Assert.Throws<UserException>(() => DecoderFactory.Create(mixed, []));
    }

    [Theory]
    [InlineData("x", "5", true)]
    [InlineData("x", "6", false)]
    public void A_filter_is_judged_by_the_fields_that_a_decoder_of_ones_own_writes(string a, string b, bool passes)
    {
        var source = new SourceSettings
        {
            Topic = "t",
            Format = typeof(FieldsDecoder).AssemblyQualifiedName!,
            Filter = WhereParser.ParseFilter("b = '5' and a = 'x'"),
        };
        var decoded = new DecodedRecord();
        var record = new ConsumedRecord { Value = System.Text.Encoding.UTF8.GetBytes($"a={a},b={b}") };
        Assert.Equal(passes, DecoderFactory.Create(source, ["a"]).Decode(record, decoded));
        Assert.Equal(!passes, decoded.IsFiltered);
        Assert.Equal(77, decoded.Time);
        if (!passes)
            return;

        // What the filter alone reads does not go on with the record.
        Assert.True(TypedFields.Read(decoded.Fields.WrittenSpan, 0).Text.SequenceEqual(System.Text.Encoding.UTF8.GetBytes(a)));
        Assert.Equal(decoded.Fields.WrittenCount, TypedFields.LengthOf(decoded.Fields.WrittenSpan, 1));
    }
}
