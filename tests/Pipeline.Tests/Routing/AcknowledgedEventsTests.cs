using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Journal;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Routing;

public sealed class AcknowledgedEventsTests
{
    readonly AcknowledgedEvents _events = new();
    long _stamp;

    [Fact]
    public void An_older_incarnation_s_event_stays_until_the_group_has_found_both_in_its_history()
    {
        Assert.True(Add(1, 7));
        Assert.True(Add(2, 9));
        Assert.Equal([Id(1, 7), Id(2, 9)], _events.All);
        Assert.True(Add(2, 10, verified: _stamp));
        Assert.Equal([Id(2, 10)], _events.All);
    }

    [Fact]
    public void An_answer_to_a_tick_leaves_what_came_after_the_tick()
    {
        Add(1, 7);
        var tick = _stamp;
        Add(2, 8);
        Add(3, 9, verified: tick);
        Assert.Equal([Id(2, 8), Id(3, 9)], _events.All);
    }

    [Fact]
    public void A_lost_event_goes_and_an_earlier_one_of_its_incarnation_stays()
    {
        Add(1, 7);
        Assert.False(_events.Lose(Id(1, 8)));
        Assert.True(_events.Lose(Id(1, 7)));
        Assert.Empty(_events.All);
    }

    [Fact]
    public void A_member_that_names_incarnations_without_end_fills_no_memory_and_what_it_says_does_not_count()
    {
        Assert.True(Add(1, 7));
        for (var lie = 2; lie < 10_000; lie++)
            Assert.Equal(lie <= AcknowledgedEvents.EventsMax, Add(lie, 1));
        Assert.Equal(AcknowledgedEvents.EventsMax, _events.All.Length);

        // The honest incarnation goes on, and one that is not known gets in once the group has answered: by finding a lie lost, or all events in its history.
        Assert.True(Add(1, 8));
        Assert.False(Add(20_000, 9));
        Assert.True(_events.Lose(Id(2, 1)));
        Assert.True(Add(20_000, 9));
        Assert.False(Add(30_000, 9));
        Assert.True(Add(30_000, 9, verified: _stamp));
        Assert.Equal([Id(30_000, 9)], _events.All);
    }

    static EventId Id(long incarnation, long number) => new(new Incarnation(incarnation), number);

    bool Add(long incarnation, long number, long verified = 0) => _events.TryAdd(Id(incarnation, number), verified, ++_stamp);
}
