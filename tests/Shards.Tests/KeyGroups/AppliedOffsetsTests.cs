using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.KeyGroups;

public sealed class AppliedOffsetsTests
{
    readonly TestKeyGroup _group = new(Definitions.Of(JoinType.Full, 0, 10));

    [Fact]
    public void A_message_may_hold_several_batches_of_one_partition()
    {
        _group.Event([Left(0, 1, "l1", 100)]);
        Assert.Equal(["l2+ Unmatched", "l3+ Unmatched"], _group.Event([Left(1, 2, "l2", null), Left(2, 3, "l3", null)]).Order());
        Assert.DoesNotContain(_group.Group.Replies, reply => reply.Message is KeyGroupGap);
    }

    [Fact]
    public void A_batch_that_leaves_a_gap_is_refused_with_what_is_covered()
    {
        _group.Event([Left(0, 6, "l1", 100)]);
        _group.Group.Replies.Clear();
        Assert.Empty(_group.Event([Left(8, 9, "l2", null)]));
        var gap = Assert.IsType<KeyGroupGap>(Assert.Single(_group.Group.Replies).Message);
        Assert.Equal((new PartitionId(Side.Left, 0, 0), 6), (gap.Partition, gap.ExpectedOffset));
    }

    [Fact]
    public void A_group_that_knows_nothing_of_a_partition_learns_from_a_tick_alone_where_it_begins()
    {
        Assert.Empty(_group.Event([Left(500, 501, "l1", null)]));
        Assert.Equal(0, Assert.IsType<KeyGroupGap>(Assert.Single(_group.Group.Replies).Message).ExpectedOffset);
        _group.Group.Offer(
            new DeliverTicks(0, [new Tick(new PartitionId(Side.Left, 0, 0), 1, 500, 500, SideWatermarks.None, 1)], Flush: true), "sender");
        Assert.Equal(["l1+ Unmatched"], _group.Event([Left(500, 501, "l1", null)]));
    }

    [Fact]
    public void A_group_that_knows_nothing_of_a_partition_begins_at_its_origin_though_more_is_committed()
    {
        var partition = new PartitionId(Side.Left, 0, 0);
        Tick[] question = [Tick(Side.Left, 0, 1, 20, 20, SideWatermarks.None), Tick(Side.Left, 0, 1, 500, 500, SideWatermarks.None)];
        for (var asked = 0; asked < 2; asked++)
        {
            _group.Group.Replies.Clear();
            _group.Group.Offer(new DeliverTicks(0, question, Flush: true), this);
            _group.Group.Apply(_group.Group.Sequence + 1, _group.Group.NextEvent()!);
            _group.Group.AnswerConfirmed();
            var gap = Assert.Single(_group.Group.Replies.Select(reply => reply.Message).OfType<KeyGroupGap>());
            Assert.Equal((partition, 20, true), (gap.Partition, gap.ExpectedOffset, gap.IsProven));
            Assert.All(
                _group.Group.Replies.Select(reply => reply.Message).OfType<KeyGroupAck>(),
                ack => Assert.Equal(new AppliedPartition(partition, 20), Assert.Single(ack.Items)));
        }

        Assert.Equal(20, _group.Group.Clocks.AppliedOffset(partition));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1_000L)]
    public void An_answer_says_how_far_time_has_come_where_max_jump_asks_for_it(long? maxJumpMs)
    {
        var group = new TestKeyGroup(Definitions.Of(JoinType.Inner, 0, 10) with { MaxJumpMs = maxJumpMs });
        group.Event([Left(0, 6, "l1", null)], Tick(Side.Left, 0, 1, 0, 6, 100));
        group.Group.Replies.Clear();
        group.Group.Offer(new DeliverTicks(0, [Tick(Side.Left, 0, 1, 0, 0, SideWatermarks.None)], Flush: false), this);
        var ack = Assert.IsType<KeyGroupAck>(Assert.Single(group.Group.Replies).Message);
        Assert.Equal(maxJumpMs is null ? [] : [new AppliedTime(100, 6)], ack.Times);
    }

    [Fact]
    public void A_group_for_which_max_jump_is_new_answers_with_the_highest_time_that_its_watermark_was_made_of()
    {
        var definition = Definitions.Of(JoinType.Inner, 0, 10) with { MaxOutOfOrdernessMs = 7 };
        var group = new TestKeyGroup(definition);
        group.Event([Left(0, 6, "l1", null)], Tick(Side.Left, 0, 1, 0, 6, 100));
        var next = new TestKeyGroup(definition with { MaxJumpMs = 1_000, MaxOutOfOrdernessMs = 50 }, group.Group.TakeSnapshot());
        next.Group.Offer(new DeliverTicks(0, [Tick(Side.Left, 0, 1, 0, 0, SideWatermarks.None)], Flush: false), this);
        Assert.Equal([new AppliedTime(107, 6)], Assert.IsType<KeyGroupAck>(Assert.Single(next.Group.Replies).Message).Times);
    }

    [Fact]
    public void What_lies_below_the_coverage_is_trimmed()
    {
        _group.Event([Left(0, 1, "l1", null)]);
        var both = new TestBatch(Side.Left, 0, 1, 0, 2, [Record("l1", 0, null), Record("l2", 1, null)]);
        Assert.Equal(["l2+ Unmatched"], _group.Event([both]));
        Assert.Empty(_group.Event([both]));
        Assert.Equal(2, _group.State.Ledger(Side.Left).Received);
    }

    [Fact]
    public void A_watermark_never_goes_back_when_a_topic_gets_more_partitions()
    {
        _group.Event([Left(0, 1, "l1", 100)], Tick(Side.Right, 0, 1, 0, 0, 111));
        Assert.Equal(111, _group.State.Watermarks.Right);
        _group.Event([], Tick(Side.Right, 0, 3, 0, 1, 120), Tick(Side.Right, 1, 3, 0, 1, 50));
        Assert.Equal(111, _group.State.Watermarks.Right);
        Assert.Equal(1, _group.State.Watermarks.RightHolder.Partition);
        var late = new TestBatch(Side.Right, 2, 3, 0, 1, [new TestRecord("r1", Side.Right, "k", 105, Partition: 2)]);
        Assert.Equal(["r1 LateRecord"], _group.Event([late]));
    }

    [Fact]
    public void A_tick_waits_for_the_next_event_unless_it_makes_a_row_due()
    {
        _group.Event([Left(0, 1, "l1", 100)]);
        _group.Group.Replies.Clear();
        _group.Group.Offer(new DeliverTicks(0, [Tick(Side.Left, 0, 1, 0, 2, 90)], Flush: false), this);
        Assert.Null(_group.Group.NextEvent());
        Assert.Empty(_group.Group.Replies);

        // Nothing was heard of the right side before this one.
        _group.Group.Offer(new DeliverTicks(0, [Tick(Side.Right, 0, 1, 0, 0, 111)], Flush: false), this);
        var bytes = _group.Group.NextEvent();
        Assert.NotNull(bytes);
        Assert.Equal(["l1+ Unmatched"], TestKeyGroup.Read(_group.Group.Apply(_group.Group.Sequence + 1, bytes)));
        Assert.Empty(_group.Group.Replies);
        _group.Group.Confirm(_group.Group.Sequence);
        Assert.Equal(2, _group.Group.Replies.Count(reply => reply.Message is KeyGroupAck));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void A_tick_whose_sender_began_above_the_coverage_is_refused(long from)
    {
        _group.Event([Left(0, 1, "l1", 100)]);
        _group.Group.Replies.Clear();
        _group.Group.Offer(new DeliverTicks(0, [Tick(Side.Left, 0, 1, from, 9, 90)], Flush: false), this);
        Assert.Equal(1, Assert.IsType<KeyGroupGap>(Assert.Single(_group.Group.Replies).Message).ExpectedOffset);
        Assert.Null(_group.Group.NextEvent());
    }

    [Fact]
    public void A_tick_whose_sender_began_at_the_coverage_is_taken()
    {
        _group.Event([Left(0, 1, "l1", 100)]);
        _group.Event([], Tick(Side.Left, 0, 1, 1, 9, 90));
        Assert.Equal(9, _group.Group.Clocks.AppliedOffset(new PartitionId(Side.Left, 0, 0)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Time_is_closed_for_records_that_no_watermark_has_told_of(bool isJournaled)
    {
        var group = new KeyGroup(
            0, Definitions.Of(JoinType.Full, 0, 10), Incarnations.OnlyOne, _ => new TestRowWriter(), new KeyGroupLimits());
        group.Recovered();

        // As a router sends it whose max-jump waits for more records.
        var records = Left(0, 1, "l1", 1_000_000) with { Watermark = BatchHeader.NoWatermark };
        group.Offer(new Deliver(0, records.Encode()), "router");
        if (isJournaled)
            Assert.Empty(TestKeyGroup.Read(group.Apply(1, group.NextEvent()!)));
        group.Offer(PeerChecks.Bounded(new EndInput(0, TimeLimits.Max, TimeLimits.Max), group), "closes");
        Assert.Equal(["l1+ Unmatched"], TestKeyGroup.Read(group.Apply(isJournaled ? 2 : 1, group.NextEvent()!)));
        Assert.InRange(group.Clocks.Watermarks().Left, 1_000_000, 1_000_100);
    }

    [Fact]
    public void Time_is_closed_only_with_the_last_of_what_waits()
    {
        var group = new KeyGroup(
            0, Definitions.Of(JoinType.Full, 0, 10), Incarnations.OnlyOne, _ => new TestRowWriter(), new KeyGroupLimits(EventBytesMax: 1));
        group.Recovered();
        group.Offer(new Deliver(0, Left(0, 1, "l1", 100).Encode()), "first");
        group.Offer(new Deliver(0, Left(1, 2, "l2", 101).Encode()), "second");
        group.Offer(new EndInput(0, TimeLimits.Max, TimeLimits.Max), "closes");
        Assert.Empty(TestKeyGroup.Read(group.Apply(1, group.NextEvent()!)));
        Assert.Equal(["l1+ Unmatched", "l2+ Unmatched"], TestKeyGroup.Read(group.Apply(2, group.NextEvent()!)).Order());
        group.Confirm(2);
        Assert.Equal(["first", "second", "closes"], group.Replies.Select(reply => reply.To));
    }

    [Fact]
    public void Time_is_not_closed_over_a_journal_that_has_lost_what_the_close_is_based_on()
    {
        Assert.Empty(_group.Event([Left(0, 1, "l1", 100)]));
        var own = _group.Group.History.Last!.Value;
        var lost = new EventId(new Incarnation(77), 1);
        _group.Group.Replies.Clear();
        _group.Group.Offer(new EndInput(0, TimeLimits.Max, TimeLimits.Max) { BasedOn = [new EventId(own, 1), lost] }, "closes");
        Assert.Empty(TestKeyGroup.Read(_group.Group.Apply(2, _group.Group.NextEvent()!)));
        _group.Group.AnswerConfirmed();
        var answer = Assert.Single(_group.Group.Replies);
        Assert.Equal("closes", answer.To);
        var fell = Assert.IsType<KeyGroupFellBack>(answer.Message);
        Assert.Equal((lost, new EventId(own, 2)), (fell.Lost, fell.Event));
        Assert.Equal(new AppliedPartition(new PartitionId(Side.Left, 0, 0), 1), Assert.Single(fell.Applied));

        _group.Group.Offer(new EndInput(0, TimeLimits.Max, TimeLimits.Max) { BasedOn = [new EventId(own, 2)] }, "closes");
        Assert.Equal(["l1+ Unmatched"], TestKeyGroup.Read(_group.Group.Apply(3, _group.Group.NextEvent()!)));
    }

    [Fact]
    public void An_event_of_the_same_number_that_the_journal_lost_confirms_no_rows()
    {
        var lost = new EventId(new Incarnation(77), 1);
        Assert.Equal(1, UnconfirmedAfterRecovery(lost));
        Assert.Equal(0, UnconfirmedAfterRecovery(new EventId(Incarnations.One, 1)));
    }

    static int UnconfirmedAfterRecovery(EventId confirmed)
    {
        var before = NewGroup();
        before.Recovered();
        before.Offer(new Deliver(0, Left(0, 1, "l1", 100).Encode()), "router");
        before.Offer(new EndInput(0, TimeLimits.Max, TimeLimits.Max), "router");
        var bytes = before.NextEvent()!;
        Assert.Single(TestKeyGroup.Read(before.Apply(1, bytes)));

        var recovered = NewGroup();
        recovered.Apply(1, bytes);
        recovered.Recovered(confirmed);
        return recovered.Unconfirmed.Count;
    }

    static KeyGroup NewGroup() =>
        new(0, Definitions.Of(JoinType.Full, 0, 10), Incarnations.OnlyOne, _ => new TestRowWriter(), new KeyGroupLimits());

    [Fact]
    public void A_tick_of_nothing_is_answered_with_what_is_covered()
    {
        _group.Event([Left(0, 5, "l1", 100)]);
        _group.Group.Replies.Clear();
        _group.Group.Offer(new DeliverTicks(0, [Tick(Side.Left, 0, 1, 2, 2, SideWatermarks.None)], Flush: true), this);
        var answer = Assert.IsType<KeyGroupAck>(Assert.Single(_group.Group.Replies).Message);
        Assert.Equal(new AppliedPartition(new PartitionId(Side.Left, 0, 0), 5), Assert.Single(answer.Items));
    }

    [Fact]
    public void A_question_that_would_show_a_lost_journal_is_answered_only_behind_an_event_of_its_own()
    {
        _group.Event([Left(0, 1, "l1", 100)]);
        _group.Group.Replies.Clear();
        _group.Group.Offer(new DeliverTicks(0, [Tick(Side.Left, 0, 1, 5, 9, 90)], Flush: true), this);
        Assert.Empty(_group.Group.Replies);
        _group.Group.Apply(_group.Group.Sequence + 1, _group.Group.NextEvent()!);
        _group.Group.AnswerConfirmed();
        Assert.Equal(1, Assert.IsType<KeyGroupGap>(Assert.Single(_group.Group.Replies).Message).ExpectedOffset);
    }

    [Fact]
    public void A_tick_raises_the_coverage_after_the_records_of_its_event()
    {
        _group.Event([Left(0, 1, "l1", 100)]);
        _group.Event([Left(1, 2, "l2", null)], Tick(Side.Left, 0, 1, 0, 9, 90));
        Assert.Equal(9, _group.Group.Clocks.AppliedOffset(new PartitionId(Side.Left, 0, 0)));
        Assert.Equal(2, _group.State.Ledger(Side.Left).Received);
    }

    [Fact]
    public void A_batch_is_judged_by_the_watermark_as_the_last_event_left_it()
    {
        var batch = new TestBatch(Side.Left, 0, 1, 0, 2, [Record("l1", 0, 500), Record("l2", 1, 100)], Watermark: 400);
        Assert.Empty(_group.Event([batch]));
        Assert.Equal(["l3 LateRecord"], _group.Event([Left(2, 3, "l3", 399)]));
    }

    [Fact]
    public void Acknowledgements_wait_for_all_events_up_to_theirs()
    {
        var group = _group.Group;
        group.Offer(new Deliver(0, Left(0, 1, "l1", null).Encode()), "first");
        group.Apply(1, group.NextEvent()!);
        group.AnswerConfirmed();
        group.Offer(new Deliver(0, Left(1, 2, "l2", null).Encode()), "second");
        group.Apply(2, group.NextEvent()!);
        group.AnswerConfirmed();
        group.Confirm(2);
        Assert.Empty(group.Replies);
        group.Offer(new Deliver(0, Left(0, 1, "l1", null).Encode()), "again");
        Assert.Empty(group.Replies);
        group.Confirm(1);
        Assert.Equal(["first", "second", "again"], group.Replies.Select(reply => reply.To));
    }

    [Fact]
    public void What_is_sent_again_while_the_broker_is_away_is_answered_once_and_piles_up_nowhere()
    {
        var group = _group.Group;
        var unjournaled = new DeliverTicks(0, [Tick(Side.Left, 0, 1, 0, 3, 90)], Flush: false);
        group.Offer(new Deliver(0, Left(0, 1, "l1", null).Encode()), this);
        group.Apply(1, group.NextEvent()!);
        group.Offer(new Deliver(0, Left(1, 2, "l2", null).Encode()), this);
        for (var i = 0; i < 1_000; i++)
        {
            group.Offer(new Deliver(0, Left(0, 1, "l1", null).Encode()), this);
            group.Offer(new Deliver(0, Left(1, 2, "l2", null).Encode()), this);
            group.Offer(unjournaled, this);
        }

        group.Apply(2, group.NextEvent()!);
        group.Confirm(1);
        group.Confirm(2);
        Assert.InRange(group.Replies.Count, 3, 6);
    }

    [Fact]
    public void A_question_that_is_asked_again_while_nothing_can_be_journaled_is_answered_once_and_piles_up_nowhere()
    {
        _group.Event([Left(0, 1, "l1", 100)]);
        _group.Group.Replies.Clear();
        for (var i = 0; i < 1_000; i++)
            _group.Group.Offer(new DeliverTicks(0, [Tick(Side.Left, 0, 1, 5, 5, SideWatermarks.None)], Flush: true), this);
        _group.Group.Apply(_group.Group.Sequence + 1, _group.Group.NextEvent()!);
        _group.Group.AnswerConfirmed();
        Assert.True(Assert.IsType<KeyGroupGap>(Assert.Single(_group.Group.Replies).Message).IsProven);
    }

    static TestBatch Left(long from, long to, string name, long? time) =>
        new(Side.Left, 0, 1, from, to, [Record(name, from, time)]);

    // Without a time the key is null: the row comes out at once.
    static TestRecord Record(string name, long offset, long? time) =>
        new(name, Side.Left, time is null ? null : "k", time ?? 1_000, Offset: offset);

    static Tick Tick(Side side, int partition, int count, long from, long through, long watermark) =>
        new(new PartitionId(side, 0, partition), count, from, through, watermark, 1);
}
