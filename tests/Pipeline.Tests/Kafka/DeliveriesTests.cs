using AkkaJoin.Pipeline.Kafka.Producing;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Kafka;

public sealed class DeliveriesTests
{
    readonly Deliveries _deliveries = new(new OutputTopics("rows", "late", "j", EventTimestamp: true));

    [Fact]
    public void Positions_only_grow_and_what_was_taken_never_changes()
    {
        _deliveries.Reached("rows", 2, 7);
        _deliveries.Reached("late", 0, 3);
        var taken = _deliveries.Positions;
        Assert.Equal([0, 0, 7], taken.Rows);
        Assert.Equal([3], taken.Late);
        Assert.Same(taken, _deliveries.Positions);
        _deliveries.Reached("rows", 2, 5);
        _deliveries.Reached("dead", 2, 50);
        Assert.Same(taken, _deliveries.Positions);
        _deliveries.Reached("rows", 2, 8);
        Assert.Equal(8, _deliveries.Positions.Rows[2]);
        Assert.Equal(7, taken.Rows[2]);
    }

    [Fact]
    public void One_topic_for_rows_and_late_records_has_one_end()
    {
        var deliveries = new Deliveries(new OutputTopics("both", "both", "j", EventTimestamp: true));
        deliveries.Reached("both", 0, 4);
        Assert.Equal(deliveries.Positions.Rows, deliveries.Positions.Late);
    }

    [Fact]
    public void Positions_of_other_topics_are_told_apart()
    {
        var other = new Deliveries(new OutputTopics("row", "slate", "j", EventTimestamp: true));
        Assert.NotEqual(other.Positions.Topics, _deliveries.Positions.Topics);
        Assert.Equal(new Deliveries(new OutputTopics("rows", "late", "k", EventTimestamp: false)).Positions.Topics, _deliveries.Positions.Topics);
    }

    [Fact]
    public async Task A_group_is_waited_for_until_the_broker_has_all_its_events()
    {
        _deliveries.HandedOut(3);
        _deliveries.HandedOut(3);
        _deliveries.HandedOut(4);
        var waiting = _deliveries.UntilNoneAsync(3);
        Assert.True(_deliveries.UntilNoneAsync(5).IsCompleted);
        _deliveries.Confirmed(3);
        Assert.False(waiting.IsCompleted);
        _deliveries.Confirmed(3);
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(_deliveries.UntilNoneAsync(4).IsCompleted);
    }
}
