using System.Buffers;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Rows;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Testing;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Testing;

public sealed class RowWriterTesterTests
{
    readonly DecoderTester _decoder = new(new JsonDecoder(new SourceSettings { Topic = "t", KeyPaths = ["k"], TimePath = "ts" }, []));

    [Fact]
    public void A_row_writer_of_the_program_s_own_keeps_the_rules()
    {
        var writer = new RowWriterTester(new JsonRowWriter(new RowSide(false, false), new RowSide(false, false)));
        var (left, right) = (Decoded("""{"k":"x","ts":1}"""), Decoded("""{"k":"x","ts":2}"""));

        Assert.Equal(
            """{"key":"x","leftTime":1,"rightTime":2,"left":{"k":"x","ts":1},"right":{"k":"x","ts":2}}""",
            writer.WriteText(TestRow.Matched(left, right)));
        Assert.Equal(
            """{"key":"x","rightTime":2,"right":{"k":"x","ts":2},"lefts":[{"k":"x","ts":1}],"leftCount":3}""",
            writer.WriteText(TestRow.Attribution(right, [left], leftCount: 3)));
    }

    [Fact]
    public void A_row_writer_that_counts_is_found()
    {
        var row = TestRow.UnmatchedLeft(Decoded("""{"k":"x","ts":1}"""));
        var broken = Assert.Throws<FormatRuleException>(() => new RowWriterTester(new Counter()).Write(row));
        Assert.Contains("two results", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_join_makes_rows_of_other_keys_or_of_dead_letters()
    {
        var x = Decoded("""{"k":"x","ts":1}""");
        Assert.Throws<ArgumentException>(() => TestRow.Matched(x, Decoded("""{"k":"y","ts":1}""")));
        Assert.Throws<ArgumentException>(() => TestRow.Matched(x, Decoded("""{"k":null,"ts":1}""")));
        Assert.Throws<ArgumentException>(() => TestRow.UnmatchedRight(Decoded("{")));
        Assert.Throws<ArgumentException>(() => TestRow.Attribution(x, [x, x], leftCount: 1));
    }

    DecodingResult Decoded(string value) => _decoder.Decode(TestRecord.Of(value));

    sealed class Counter : IRowWriter
    {
        byte _count;

        public void Write(in JoinRow row, IBufferWriter<byte> output) => output.Write([_count++]);
    }
}
