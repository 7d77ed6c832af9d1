using AkkaJoin.Host.Chaos;
using Xunit;

namespace AkkaJoin.Host.Tests.Chaos;

public sealed class DoubledRowsTests
{
    static readonly Freeze Freeze = new(10_000, 30_000);

    [Fact]
    public void A_copy_that_a_frozen_node_sent_when_it_woke_is_counted_apart()
    {
        var rows = new DoubledRows([Freeze]);
        rows.Add("a"u8.ToArray(), new RowCopy("frozen", 9_000));
        rows.Add("b"u8.ToArray(), new RowCopy("other", 20_000));
        rows.Add("b"u8.ToArray(), new RowCopy("frozen", 30_010));

        Assert.Equal((1, 1), (rows.All, rows.OfWoken));
    }

    [Theory]
    [InlineData("other")]
    [InlineData("fresh")]
    [InlineData("")]
    public void A_copy_of_a_writer_that_was_not_frozen_is_none_of_them(string writer)
    {
        var rows = new DoubledRows([Freeze]);
        rows.Add("a"u8.ToArray(), new RowCopy("other", 9_000));
        rows.Add("b"u8.ToArray(), new RowCopy("other", 20_000));
        rows.Add("b"u8.ToArray(), new RowCopy(writer, 30_010));

        Assert.Equal((1, 0), (rows.All, rows.OfWoken));
    }

    [Fact]
    public void What_was_on_its_way_when_the_node_was_frozen_does_not_make_it_awake()
    {
        var rows = new DoubledRows([Freeze]);
        rows.Add("a"u8.ToArray(), new RowCopy("frozen", 9_999));
        rows.Add("c"u8.ToArray(), new RowCopy("frozen", 10_100));
        rows.Add("b"u8.ToArray(), new RowCopy("frozen", 30_000));
        rows.Add("b"u8.ToArray(), new RowCopy("other", 30_500));

        Assert.Equal((1, 1), (rows.All, rows.OfWoken));
    }
}
