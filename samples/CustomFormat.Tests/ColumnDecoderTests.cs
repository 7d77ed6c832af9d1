using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Testing;

namespace CustomFormat.Tests;

public sealed class ColumnDecoderTests
{
    // <decode>
    readonly DecoderTester _decoder = new(new ColumnDecoder(new SourceSettings { Topic = "impressions" }, ["row", "id"]), fields: 2);

    [Fact]
    public void A_line_has_key_time_id_and_the_fields_of_conditions()
    {
        var decoded = _decoder.Decode(TestRecord.Of("m1|1573553730000|i7|3"));

        Assert.True(decoded.IsJoined);
        Assert.Equal(("m1", 1573553730000, "i7"), (decoded.KeyText, decoded.Time, decoded.IdText));
        Assert.Equal([3L, "i7"], decoded.Fields);
    }
    // </decode>

    [Fact]
    public void A_record_without_profile_has_no_key_and_one_without_id_is_never_a_duplicate()
    {
        var decoded = _decoder.Decode(TestRecord.Of("|5||"));

        Assert.True(decoded.KeyIsNull);
        Assert.False(decoded.HasId);
        Assert.Equal([null, null], decoded.Fields);
    }

    [Theory]
    [InlineData("m1|5", "too-few-columns")]
    [InlineData("m1|5x|i7|3", "bad-time")]
    public void A_broken_line_is_a_dead_letter(string line, string reason) =>
        Assert.Equal(reason, _decoder.Decode(TestRecord.Of(line)).Reason);

    [Fact]
    public void A_condition_on_an_unknown_column_is_refused()
    {
        var refused = Assert.Throws<NotSupportedException>(() => new ColumnDecoder(new SourceSettings { Topic = "plays" }, ["column"]));
        Assert.Equal("plays has no column column; it has profile, time, id, row", refused.Message);
    }
}
