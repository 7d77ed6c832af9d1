using AkkaJoin.Host.Chaos;
using Xunit;

namespace AkkaJoin.Host.Tests.Chaos;

public sealed class SilenceTests
{
    [Fact]
    public void It_is_the_longest_pause_of_a_key_group_that_begins_about_the_fault()
    {
        var times = new Dictionary<int, List<int>>
        {
            [1] = [9_500, 9_990, 10_010, 10_500, 14_000],
            [2] = [9_900, 10_100, 17_200, 17_300],
        };

        Assert.Equal(new Silence(2, 10_100, 17_200), Silence.Find(times, 10_000, final: false));
    }

    [Fact]
    public void A_group_that_has_not_come_back_is_waited_for_and_left_out_at_the_end()
    {
        var times = new Dictionary<int, List<int>> { [1] = [9_990, 10_500, 14_000], [2] = [9_900] };

        Assert.Null(Silence.Find(times, 10_000, final: false));
        Assert.Equal(new Silence(1, 10_500, 14_000), Silence.Find(times, 10_000, final: true));
    }

    [Fact]
    public void A_group_that_was_silent_before_says_nothing()
    {
        var times = new Dictionary<int, List<int>> { [1] = [8_000, 20_000] };

        Assert.Null(Silence.Find(times, 10_000, final: false)!.KeyGroup);
        Assert.Null(Silence.Find(new Dictionary<int, List<int>>(), 10_000, final: false)!.KeyGroup);
    }
}
