using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Testing;

namespace CustomFormat.Tests;

public sealed class ColumnRowWriterTests
{
    // <write>
    readonly RowWriterTester _writer = new(new ColumnRowWriter());
    readonly DecoderTester _decoder = new(new ColumnDecoder(new SourceSettings { Topic = "t" }, []));

    [Fact]
    public void A_pair_is_a_line_of_three_columns() =>
        Assert.Equal("m1|i7|p3", _writer.WriteText(TestRow.Matched(Decoded("m1|1000|i7|3"), Decoded("m1|2000|p3|"))));
    // </write>

    [Fact]
    public void What_found_no_partner_has_an_empty_column()
    {
        Assert.Equal("m1|i7|", _writer.WriteText(TestRow.UnmatchedLeft(Decoded("m1|1000|i7|3"))));
        Assert.Equal("m1||p3", _writer.WriteText(TestRow.UnmatchedRight(Decoded("m1|2000|p3|"))));
    }

    [Fact]
    public void An_attribution_has_the_lefts_and_their_number()
    {
        var (first, second, play) = (Decoded("m1|1000|i7|3"), Decoded("m1|1500|i8|4"), Decoded("m1|2000|p3|"));

        Assert.Equal("m1|i7,i8|p3|5", _writer.WriteText(TestRow.Attribution(play, [first, second], leftCount: 5)));
        Assert.Equal("m1|i7||1", _writer.WriteText(TestRow.Untaken(first)));
    }

    DecodingResult Decoded(string line) => _decoder.Decode(TestRecord.Of(line));
}
