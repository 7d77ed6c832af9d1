using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Journal;
using Xunit;

namespace AkkaJoin.Shards.Tests.Encodings;

public sealed class FormatVersionTests
{
    [Fact]
    public void All_write_the_lowest_format_that_any_member_announces()
    {
        Assert.Equal(FormatVersions.Newest, FormatVersions.Lowest([["akkajoin-a", FormatVersions.Role], ["akkajoin.format.7"]]));
        Assert.Equal(1, FormatVersions.Lowest([[FormatVersions.Role], ["akkajoin.format.1", "akkajoin-a"]]));
        Assert.Equal(FormatVersions.Newest, FormatVersions.Lowest([["akkajoin.format.1", FormatVersions.Role]]));
        Assert.Equal(2, FormatVersions.Lowest([[FormatVersions.Role], ["akkajoin.format.2"], [FormatVersions.Role]]));
    }

    [Fact]
    public void A_member_that_announces_none_counts_as_the_first_and_so_does_a_cluster_of_which_nothing_is_known()
    {
        Assert.Equal(1, FormatVersions.Lowest([]));
        Assert.Equal(1, FormatVersions.Lowest([[FormatVersions.Role], ["the application's"]]));
        Assert.Equal(1, FormatVersions.Lowest([[FormatVersions.Role], ["akkajoin.format.x"]]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_event_says_in_which_format_it_is_written(byte version)
    {
        var bytes = EventCodec.Write(new EventContent { FormatVersion = version }, [], 0, 1);
        Assert.Equal(version, bytes[0]);
        Assert.Equal(version, EventCodec.Read(bytes).FormatVersion);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void An_event_has_a_checksum_and_names_the_one_before_it_from_format_2_on(byte version)
    {
        var bytes = Samples.Event(version);
        Assert.Equal(Incarnation.Of("journal"), EventCodec.PredecessorOf(bytes));
        Assert.True(EventCodec.IsWhole(bytes, Samples.EventKeyGroup, Samples.EventNumber));
        bytes[^1] ^= 1;
        Assert.False(EventCodec.IsWhole(bytes, Samples.EventKeyGroup, Samples.EventNumber));
        Assert.Null(EventCodec.PredecessorOf(Samples.Event(1)));
    }

    [Fact]
    public void An_event_of_a_later_version_is_refused_as_such_and_not_as_one_that_follows_another()
    {
        var bytes = Samples.Event();
        Assert.NotNull(EventCodec.PredecessorOf(bytes));
        bytes[0] = FormatVersions.Newest + 1;
        Assert.Null(EventCodec.PredecessorOf(bytes));
        Assert.Null(EventCodec.PredecessorOf([FormatVersions.Newest + 1]));
    }

    [Fact]
    public void A_single_bit_that_flips_is_found_wherever_it_is_and_so_is_an_event_in_another_one_s_place()
    {
        var bytes = Samples.Event();
        Assert.True(EventCodec.IsWhole(bytes, Samples.EventKeyGroup, Samples.EventNumber));
        Assert.False(EventCodec.IsWhole(bytes, Samples.EventKeyGroup + 1, Samples.EventNumber));
        Assert.False(EventCodec.IsWhole(bytes, Samples.EventKeyGroup, Samples.EventNumber + 1));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(!EventCodec.IsWhole(damaged, Samples.EventKeyGroup, Samples.EventNumber) || damaged[0] is 0 or > FormatVersions.Newest, $"bit {bit}");
        }
    }
}
