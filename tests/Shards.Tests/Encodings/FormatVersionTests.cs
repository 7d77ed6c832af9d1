using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Serialization;
using Xunit;

namespace AkkaJoin.Shards.Tests.Encodings;

public sealed class FormatVersionTests
{
    [Fact]
    public void All_write_the_lowest_format_that_any_member_announces()
    {
        Assert.Equal(FormatVersions.Newest, FormatVersions.Lowest([]));
        Assert.Equal(FormatVersions.Newest, FormatVersions.Lowest(["akkajoin-a", FormatVersions.Role, "akkajoin.format.7"]));
        Assert.Equal(0, FormatVersions.Lowest([FormatVersions.Role, "akkajoin.format.0"]));
    }

    [Fact]
    public void An_event_says_in_which_format_it_is_written()
    {
        var bytes = EventCodec.Write(new EventContent { FormatVersion = FormatVersions.Oldest }, []);
        Assert.Equal(FormatVersions.Oldest, bytes[0]);
    }
}
