using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Flow;
using Xunit;

namespace AkkaJoin.Shards.Tests.Flow;

/// <summary>What is asked of a join, and its bytes.</summary>
public sealed class FlowOrderTests
{
    static readonly FlowOrder Full = new()
    {
        Number = 300,
        Left = new SidePause(true, 1_700_000_000_000),
        Right = new SidePause(true),
        Rate = 5_000,
    };

    static readonly FlowOrder Timely = Full with { TimeNumber = Full.Number };

    [Fact]
    public void An_order_comes_back_from_its_bytes_as_it_was()
    {
        foreach (var order in (FlowOrder[])
            [
                FlowOrder.None, new FlowOrder { Number = 3, Rate = 5 }, Timely, Timely with { Left = default },
                Timely with { Right = new SidePause(true, -5) },
                Full with { Rest = new TimeRest(true), TimeNumber = 299, TimeClockMs = 1_700_000_000_500 },
                Full with { Rest = new TimeRest(true, 1_800_000_000_000), TimeNumber = 300 }, Full with { TimeNumber = 1, TimeClockMs = 5 },
                Timely with { Rate = null }, Timely with { Rate = 0 }, Timely with { Rate = FlowOrder.RateMax },
            ])
            Assert.Equal(order, FlowOrderCodec.Read(FlowOrderCodec.Write(order)));
    }

    // A journal may be older than this program: the bytes of version 1 stay what they are. Its pause is obeyed as an
    // order of its number.
    [Fact]
    public void The_bytes_of_version_1()
    {
        const string Bytes = "01AC02170068E5CF8B0100008827";
        Assert.Equal(Bytes, Convert.ToHexString(FlowOrderCodec.Write(Full)));
        Assert.Equal(Timely, FlowOrderCodec.Read(Convert.FromHexString(Bytes)));
    }

    [Fact]
    public void The_bytes_of_version_2()
    {
        const string Bytes = "02AC02170068E5CF8B01000088270300505C18A3010000AB02F469E5CF8B010000";
        var order = Full with { Rest = new TimeRest(true, 1_800_000_000_000), TimeNumber = 299, TimeClockMs = 1_700_000_000_500 };
        Assert.Equal(Bytes, Convert.ToHexString(FlowOrderCodec.Write(order)));
        Assert.Equal(order, FlowOrderCodec.Read(Convert.FromHexString(Bytes)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0201")]
    [InlineData("02010004010000000000000000")]
    [InlineData("010120")]
    [InlineData("010104")]
    [InlineData("01010000")]
    [InlineData("01011081A8D6B907FF")]
    public void Bytes_that_are_no_order_are_refused(string bytes) =>
        Assert.Throws<MalformedBatchException>(() => FlowOrderCodec.Read(Convert.FromHexString(bytes)));

    [Fact]
    public void A_pause_ends_at_its_time_and_not_before_and_the_other_side_s_does_not()
    {
        Assert.Equal(Full, Full.WithoutEnded(1_699_999_999_999));
        var ended = Full.WithoutEnded(1_700_000_000_000);
        Assert.Equal((default, new SidePause(true)), (ended.Left, ended.Right));
    }

    [Fact]
    public void The_state_grows_while_a_side_is_paused_or_time_rests_and_not_while_nothing_is_read()
    {
        var (pause, rest) = (new SidePause(true), new TimeRest(true));
        Assert.False(FlowOrder.None.LetsStateGrow);
        Assert.True((FlowOrder.None with { Left = pause }).LetsStateGrow);
        Assert.True((FlowOrder.None with { Right = pause, Rest = rest }).LetsStateGrow);
        Assert.True((FlowOrder.None with { Rest = rest }).LetsStateGrow);
        Assert.False((FlowOrder.None with { Left = pause, Right = pause, Rest = rest }).LetsStateGrow);
    }

    [Fact]
    public void A_pause_without_a_side_is_of_both()
    {
        var pause = new SidePause(true);
        Assert.Equal((pause, pause), Sides(FlowOrder.None.With(null, pause)));
        Assert.Equal((pause, default), Sides(FlowOrder.None.With(Side.Left, pause)));
        Assert.Equal((default, pause), Sides(FlowOrder.None.With(Side.Right, pause)));
    }

    static (SidePause, SidePause) Sides(FlowOrder order) => (order.Left, order.Right);
}
