using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Memory;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Routing;

public sealed class RouterTests
{
    const int Groups = 2;
    readonly RecordedEffects _effects = new();
    readonly Router _router;

    long _now = 1_003;
    MemoryLevel _memory;

    public RouterTests() => _router = new Router(
        new RouterSettings(Groups, 0, new FlowSettings { GroupInFlightMax = 2, BatchBytesMax = 200 }) { Memory = () => _memory }, _ => [new RouteSide(Side.Left, 0, new TextDecoder())], _effects);

    [Fact]
    public void A_tick_that_a_group_lost_goes_out_again_although_nothing_new_is_read()
    {
        Pass(100);
        _now += 57;
        Assign(0, 0);
        Read(0, "a,1,x");
        Pass(100);
        AcknowledgeBatches();
        Pass(1_000);
        Assert.Single(_effects.ToAll);
        _effects.ToAll.Clear();
        Pass(20_000);
        Assert.InRange(_effects.ToAll.Count, 2, 10);
    }

    [Fact]
    public void The_record_that_moves_a_partition_s_time_is_named_wherever_it_stands_in_its_chunk()
    {
        Assign(0, 0);
        Read(0, "a,1,x", "b,5000,y", "c,2,z");
        Read(0, "d,5000,v", "e,3,w");
        Assert.Equal([new NewestRecord(Side.Left, "t", 0, 1, 5_000)], _router.NewestOutside(0, 4_999));
        Assert.Equal([new NewestRecord(Side.Left, "t", 0, 1, 5_000)], _router.NewestOutside(5_001, long.MaxValue));
        Assert.Empty(_router.NewestOutside(0, 5_000));
    }

    [Fact]
    public void What_a_send_buffer_holds_of_a_lost_partition_does_not_keep_the_others_from_their_group()
    {
        Assign(0, 0);
        Assign(1, 0);
        for (var i = 0; i < 8; i++)
        {
            Read(0, [.. Enumerable.Range(0, 8).Select(k => $"k{k},1,p{i}{k}")]);
            Read(1, [.. Enumerable.Range(0, 8).Select(k => $"k{k},1,q{i}{k}")]);
            Pass(30);
        }

        // No answer came: the send buffers are full of messages with batches of both.
        Assert.Equal(2 * Groups, _effects.Sent.Count(m => m is Deliver));
        _router.Lost([new TopicPartitionGeneration("t", 0, _generations[0])]);
        _effects.Sent.Clear();
        Pass(6_000);
        var again = _effects.Sent.OfType<Deliver>().SelectMany(Headers).ToList();
        Assert.NotEmpty(again);
        Assert.All(again, header => Assert.Equal(1, header.Partition));
    }

    [Fact]
    public void Where_the_journal_is_behind_for_one_partition_none_begins_before_the_ids_are_renewed()
    {
        _router.Assigned([Starting(0), Starting(1)], _now);
        PartitionId first = new(Side.Left, 0, 0), second = new(Side.Left, 0, 1);
        for (var group = 0; group < Groups; group++)
            _router.Acknowledged(new KeyGroupAck(group, [new AppliedPartition(first, 50)]), _now);
        Assert.Empty(_effects.Begun);
        _router.Acknowledged(new KeyGroupAck(0, [new AppliedPartition(second, 50)]), _now);
        _router.Gap(new KeyGroupGap(1, second, 30, IsProven: true), _now);
        Assert.Equal(["t/1 behind at 30 of 50", "t/0 at 50", "t/1 at 30"], _effects.Begun);
        static PartitionStart Starting(int partition) => new("t", partition, 1 + partition, 50, true, 0, 100, 2);
    }

    [Fact]
    public void A_partition_that_a_key_group_has_forgotten_begins_at_its_origin_and_not_at_the_committed_offset()
    {
        _router.Assigned([Committed(origin: 20)], _now);
        Assert.All(_effects.Sent.OfType<DeliverTicks>(), asked => Assert.Equal([(20, 20), (50, 50)], asked.Ticks.Select(t => (t.From, t.To))));
        AnswerAtOrigin(20);
        Assert.Equal(["t/0 behind at 20 of 50", "t/0 at 20"], _effects.Begun);
    }

    [Fact]
    public void A_partition_that_a_key_group_has_forgotten_stops_the_join_where_nothing_says_where_it_began()
    {
        _router.Assigned([Committed(PartitionOrigins.Unknown)], _now);
        Assert.All(_effects.Sent.OfType<DeliverTicks>(), asked => Assert.Equal([(0, 0), (50, 50)], asked.Ticks.Select(t => (t.From, t.To))));
        var stop = Assert.Throws<KafkaStopException>(() => AnswerAtOrigin(0));
        Assert.Contains("t/0: the journal is older than the consumer group's committed offset 50, and does not know where the join began", stop.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("t/0 at 0", _effects.Begun);
    }

    [Fact]
    public void A_partition_that_all_key_groups_know_goes_on_where_nothing_says_where_it_began()
    {
        _router.Assigned([Committed(PartitionOrigins.Unknown)], _now);
        for (var group = 0; group < Groups; group++)
            _router.Acknowledged(new KeyGroupAck(group, [new AppliedPartition(new PartitionId(Side.Left, 0, 0), 50 + group)]), _now);
        Assert.Equal(["t/0 at 50"], _effects.Begun);
    }

    [Fact]
    public void A_partition_whose_origin_the_log_no_longer_holds_stops_the_join_where_a_key_group_has_forgotten_it()
    {
        _router.Assigned([Committed(origin: 20) with { LogStartOffset = 30 }], _now);
        Assert.Contains("Kafka no longer has the records from 20 to 29", Assert.Throws<KafkaStopException>(() => AnswerAtOrigin(20)).Message, StringComparison.Ordinal);
    }

    // One group has forgotten it, and says where it begins; the others have all that is committed.
    void AnswerAtOrigin(long origin)
    {
        var partition = new PartitionId(Side.Left, 0, 0);
        _router.Acknowledged(new KeyGroupAck(0, [new AppliedPartition(partition, 50)]), _now);
        _router.Acknowledged(new KeyGroupAck(1, [new AppliedPartition(partition, origin)]), _now);
        _router.Gap(new KeyGroupGap(1, partition, origin, IsProven: true), _now);
    }

    static PartitionStart Committed(long origin) => new("t", 0, 1, 50, true, 0, 100, 1) { Origin = origin };

    [Fact]
    public void What_all_key_groups_have_covered_is_not_read_again_although_less_is_committed()
    {
        _router.Assigned([Starting(0), Starting(1), Starting(2)], _now);
        for (var group = 0; group < Groups; group++)
        {
            _router.Acknowledged(
                new KeyGroupAck(group, [new AppliedPartition(new(Side.Left, 0, 0), 80 - (10 * group)), new AppliedPartition(new(Side.Left, 0, 1), 20), new AppliedPartition(new(Side.Left, 0, 2), 30)]),
                _now);
        }

        _router.Commit();
        Assert.Equal(["60 offsets of 2 ahead, t/0 at 70 of 20", "t/0 at 70", "t/1 at 20", "t/2 at 30"], _effects.Begun);
        Assert.Equal([("t", 0, 70L), ("t", 2, 30L)], _effects.Committed.Select(c => (c.Topic, c.Partition, c.Offset)));
        static PartitionStart Starting(int partition) => new("t", partition, 1 + partition, 20, true, 0, 100, 3);
    }

    [Fact]
    public void A_gap_of_an_earlier_assignment_that_names_more_than_is_committed_is_no_answer()
    {
        var partition = new PartitionId(Side.Left, 0, 0);
        _router.Assigned([new("t", 0, 1, 50, true, 0, 100, 1)], _now);
        for (var group = 0; group < Groups; group++)
            _router.Gap(new KeyGroupGap(group, partition, 60, IsProven: true), _now);
        Assert.Empty(_effects.Begun);
        for (var group = 0; group < Groups; group++)
            _router.Acknowledged(new KeyGroupAck(group, [new AppliedPartition(partition, 50)]), _now);
        _router.Commit();
        Assert.Equal(["t/0 at 50"], _effects.Begun);
        Assert.Empty(_effects.Committed);
    }

    [Fact]
    public void A_gap_behind_which_no_event_of_the_group_stands_does_not_show_that_the_journal_is_behind()
    {
        var partition = new PartitionId(Side.Left, 0, 0);
        _router.Assigned([new("t", 0, 1, 50, true, 0, 100, 1)], _now);
        for (var group = 0; group < Groups; group++)
            _router.Gap(new KeyGroupGap(group, partition, 20), _now);
        Assert.Empty(_effects.Begun);
        for (var group = 0; group < Groups; group++)
            _router.Acknowledged(new KeyGroupAck(group, [new AppliedPartition(partition, 50)]), _now);
        Assert.Equal(["t/0 at 50"], _effects.Begun);
    }

    [Fact]
    public void What_a_group_said_to_have_before_is_not_waited_for_though_no_answer_to_its_batch_arrives()
    {
        PartitionId first = new(Side.Left, 0, 0), second = new(Side.Left, 0, 1);
        Assign(1, 0);
        _generations[0] = ++_effects.Generation;
        _positions[0] = 0;
        _router.Assigned([new PartitionStart("t", 0, _generations[0], 0, true, 0, 100, 4)], _now);
        _router.Acknowledged(new KeyGroupAck(0, [new AppliedPartition(first, 0)]), _now);
        _router.Acknowledged(new KeyGroupAck(1, [new AppliedPartition(first, 50)]), _now);
        Read(0, [.. Enumerable.Range(0, 8).Select(k => $"k{k},1,x")]);
        Pass(100);
        Assert.Contains(_effects.Sent, m => m is Deliver { Group: 1 });

        // Of what the second group answers nothing arrives but a word on another partition.
        _effects.Sent.RemoveAll(m => m.Group == 1);
        AcknowledgeBatches();
        _router.Acknowledged(new KeyGroupAck(1, [new AppliedPartition(second, 0)]), _now);
        Pass(1_000);
        foreach (var ticks in _effects.ToAll)
            _router.Acknowledged(new KeyGroupAck(0, [.. ticks.Ticks.Select(t => new AppliedPartition(t.Partition, t.To))]), _now);
        _effects.Sent.Clear();
        _effects.ToAll.Clear();

        // From here on every answer arrives.
        Pass(20_000);
        Acknowledge(_router);
        Assert.True(_router.IsApplied);
    }

    [Fact]
    public void A_leaving_partition_of_dead_letters_alone_is_let_go_when_they_are_written()
    {
        Assign(0, 0);
        Read(0, "poison");
        var left = new TaskCompletionSource<long>();
        _router.Revoked([(new TopicPartitionGeneration("t", 0, _generations[0]), left)], _now);
        Assert.False(left.Task.IsCompleted);
        var (partition, generation) = Assert.Single(_effects.DeadLetters);
        _router.DeadLettersWritten(partition, generation, _now);
        Assert.True(left.Task.IsCompleted);
    }

    [Fact]
    public void A_filtered_record_is_covered_and_moves_the_watermark()
    {
        Assign(0, 0);
        Read(0, "a,100,x", "out,900,y", "out", "poison");
        var (partition, generation) = Assert.Single(_effects.DeadLetters);
        _router.DeadLettersWritten(partition, generation, _now);
        Pass(100);
        Assert.Equal(1, _effects.Sent.OfType<Deliver>().SelectMany(Headers).Sum(h => h.Count));
        AcknowledgeBatches();
        Pass(1_000);

        var tick = Assert.Single(Assert.Single(_effects.ToAll).Ticks);
        Assert.Equal((4L, 900L), (tick.To, tick.Watermark));
        var status = _router.Status();
        Assert.Equal(new SideFates(Routed: 1, DeadLettered: 1, Filtered: 2), status.Left);
        Assert.Equal((4, 4), (status.Left.Consumed, Assert.Single(status.Partitions).Consumed));
        _router.Lost([new TopicPartitionGeneration("t", 0, _generations[0])]);
        Assert.Equal(status.Left, _router.Status().Left);
    }

    [Fact]
    public void An_answer_to_an_earlier_assignment_is_not_taken_for_the_new_one()
    {
        Assign(0, 0);
        _router.Lost([new TopicPartitionGeneration("t", 0, _generations[0])]);
        _effects.Generation++;
        _generations[0] = _effects.Generation;
        _router.Assigned([new PartitionStart("t", 0, _effects.Generation, 50, true, 0, 100, 2)], _now);
        _router.Acknowledged(new KeyGroupAck(0, [new AppliedPartition(new PartitionId(Side.Left, 0, 0), 20)]), _now);
        for (var group = 0; group < Groups; group++)
            _router.Acknowledged(new KeyGroupAck(group, [new AppliedPartition(new PartitionId(Side.Left, 0, 0), 50)]), _now);
        Assert.Equal(50, Assert.Single(_router.Status().Partitions).Position);
    }

    [Fact]
    public void A_member_that_acknowledges_by_events_without_end_grows_no_tick_and_keeps_no_record_from_its_key_group()
    {
        Assign(0, 0);
        for (var lie = 1; lie <= 1_000; lie++)
            _router.Acknowledged(new KeyGroupAck(0, []) { Event = new EventId(new Incarnation(lie), 1) }, _now);
        Read(0, [.. Enumerable.Range(0, 8).Select(k => $"k{k},1,x")]);
        Pass(100);

        // An honest acknowledgement does not count while the lies are believed. So the records stay, and are sent again.
        AcknowledgeBy(new EventId(new Incarnation(-1), 5));
        Pass(1_000);
        Assert.False(_router.IsClear);
        _effects.Sent.Clear();
        Pass(6_000);
        var again = _effects.Sent.OfType<Deliver>().Single(m => m.Group == 0);
        Assert.All(_effects.ToAll, ticks => Assert.InRange(ticks.BasedOn[0].Length, 0, AcknowledgedEvents.EventsMax));

        // The group finds the first lie not to be in its history.
        _router.FellBack(new KeyGroupFellBack(0, new EventId(new Incarnation(1), 1), [.. Headers(again).Select(h => new AppliedPartition(h.PartitionId, 0))]), _now);
        AcknowledgeBy(new EventId(new Incarnation(-1), 5));
        Assert.True(_router.IsClear);

        void AcknowledgeBy(EventId id)
        {
            foreach (var message in _effects.Sent.OfType<Deliver>().ToList())
                _router.Acknowledged(new KeyGroupAck(message.Group, [.. Headers(message).Select(h => new AppliedPartition(h.PartitionId, h.To))]) { Event = id }, _now);
        }
    }

    [Fact]
    public void A_router_that_finds_a_partition_forgotten_tells_no_offset_of_it_in_the_rest_of_the_step()
    {
        var lost = new EventId(new Incarnation(1), 1);
        Assign(0, 0);
        Read(0, "a,1,x");
        Pass(100);
        var message = Assert.Single(_effects.Sent.OfType<Deliver>());
        var applied = Headers(message).Select(h => new AppliedPartition(h.PartitionId, h.To));
        _router.Acknowledged(new KeyGroupAck(message.Group, [.. applied]) { Event = lost }, _now);
        Pass(1_000);
        _effects.ToAll.Clear();
        _now += 20_000;
        _effects.GoesOnAfterFailure = true;
        _router.FellBack(new KeyGroupFellBack(message.Group, lost, []), _now);
        Assert.True(_effects.HasFailed);
        Assert.All(_effects.ToAll, ticks => Assert.Empty(ticks.Ticks));
    }

    [Fact]
    public void What_was_handed_to_the_committer_is_handed_again_when_its_partition_was_read_again()
    {
        var partition = new PartitionId(Side.Left, 0, 0);
        var lost = new EventId(new Incarnation(1), 1);
        Assign(0, 0);
        ReadAndCommit(lost);
        _router.FellBack(new KeyGroupFellBack(1, lost, [new AppliedPartition(partition, 0)]), _now);
        Assert.Contains("t/0 behind at 0 of 1", _effects.Begun);
        (_generations[0], _positions[0]) = (_effects.Generation, 0);
        ReadAndCommit(new EventId(new Incarnation(2), 1));

        void ReadAndCommit(EventId by)
        {
            _effects.Committed.Clear();
            Read(0, "a,1,x");
            for (var group = 0; group < Groups; group++)
                _router.Acknowledged(new KeyGroupAck(group, [new AppliedPartition(partition, 1)]) { Event = by }, _now);
            Pass(20_000);
            Assert.Equal([new PartitionOffset("t", 0, _generations[0], 1)], _effects.Committed);
        }
    }

    [Fact]
    public void Partitions_that_were_added_since_the_start_do_not_keep_a_bounded_run_from_its_end()
    {
        for (var partition = 0; partition < 3; partition++)
        {
            Assign(partition, 0);
            _router.Chunk(Chunk(partition, 0, [], atEnd: true), _now);
        }

        Assert.False(_router.IsAtEnd(4));
        Assert.True(_router.IsAtEnd(2));
    }

    [Fact]
    public void A_partition_that_is_ahead_waits_until_the_slowest_follows_or_is_at_its_end()
    {
        var router = WithMaxDrift(100);
        Read(router, 0, 0, ["a,1000,x"]);
        Read(router, 0, 1, ["a,1500,y"]);
        Assert.Equal(1, Position(router, 0)); // nothing is known of the other yet
        Read(router, 1, 0, ["a,950,x"]);
        Assert.Equal(2, Position(router, 0));
        Read(router, 0, 2, ["a,1501,z"]);
        Pass(router, 4_000);
        Assert.Equal(2, Position(router, 0));
        Read(router, 1, 1, ["a,960,y"], atEnd: true);
        Assert.Equal(3, Position(router, 0));
    }

    [Fact]
    public void Another_node_holds_a_partition_back_until_it_goes_or_is_silent()
    {
        var router = WithMaxDrift(100);
        Read(router, 1, 0, [], atEnd: true);
        router.Heard("b", new NodeWatermark(500), _now);
        Read(router, 0, 0, ["a,1000,x"]);
        Read(router, 0, 1, ["a,1001,y"]);
        Assert.Equal(1, Position(router, 0));
        router.KeepNodes([]);
        Pass(router, 10);
        Assert.Equal(2, Position(router, 0));
        router.Heard("c", new NodeWatermark(500), _now);
        Read(router, 0, 2, ["a,1002,z"]);
        Pass(router, WatermarkAlignment.SilenceMs - 10);
        Assert.Equal(2, Position(router, 0));
        Pass(router, 20);
        Assert.Equal(3, Position(router, 0));
    }

    [Fact]
    public async Task A_partition_that_waits_for_the_others_is_let_go_and_drained_at_once()
    {
        var router = WithMaxDrift(100);
        Read(router, 0, 0, ["a,1000,x"]);
        Read(router, 0, 1, ["a,2000,y"]);
        Pass(router, 100);
        Acknowledge(router);
        Assert.False(router.IsClear);
        var left = new TaskCompletionSource<long>();
        router.Revoked([(new TopicPartitionGeneration("t", 0, _generations[0]), left)], _now);
        Assert.True(left.Task.IsCompleted);
        Assert.Equal(1, await left.Task);
        Read(router, 1, 0, ["a,1000,x"]);
        router.Heard("b", new NodeWatermark(0), _now);
        Read(router, 1, 1, ["a,1000,y"]);
        router.Drain();
        Pass(router, 100);
        Acknowledge(router);
        Assert.True(router.IsApplied);
    }

    [Fact]
    public void A_partition_whose_groups_have_all_answered_begins_when_the_one_that_it_waited_with_goes()
    {
        _router.Assigned([.. Enumerable.Range(0, 2).Select(p => new PartitionStart("t", p, 1, 0, true, 0, 100, 4))], _now);
        for (var group = 0; group < Groups; group++)
            _router.Acknowledged(new KeyGroupAck(group, [new AppliedPartition(new PartitionId(Side.Left, 0, 0), 0)]), _now);
        Pass(10);
        Assert.All(_router.Status().Partitions, p => Assert.Equal(PartitionPhase.Asking, p.Phase));
        _router.Revoked([(new TopicPartitionGeneration("t", 1, 1), new TaskCompletionSource<long>())], _now);
        Pass(10);
        Assert.Equal(PartitionPhase.Reading, Assert.Single(_router.Status().Partitions).Phase);
    }

    [Fact]
    public void Near_the_memory_budget_only_the_partition_that_is_furthest_behind_is_read_and_at_it_none()
    {
        for (var partition = 0; partition < 3; partition++)
            Assign(partition, 0);
        _memory = MemoryLevel.Full;
        Read(0, "a,200,x", "b,200,y");
        Read(1, "a,100,x", "b,100,y");
        Read(2, "a,300,x", "b,300,y");
        for (var i = 0; i < 3; i++)
        {
            Pass(100);
            AcknowledgeBatches();
        }

        Assert.Equal([], Released());
        _memory = MemoryLevel.Near;
        Assert.Equal([1], Released());
        Assert.Equal([0], Released());
        _memory = MemoryLevel.Normal;
        Assert.Equal([2], Released());

        List<int> Released()
        {
            _effects.Released.Clear();
            _router.TimePassed(_now);
            return [.. _effects.Released];
        }
    }

    readonly Dictionary<int, int> _generations = [];
    readonly Dictionary<int, long> _positions = [];

    static IEnumerable<BatchHeader> Headers(Deliver message)
    {
        for (var position = 0; position < message.Batches.Length;)
        {
            var header = BatchHeader.Read(message.Batches.AsSpan(position));
            position += header.Length;
            yield return header;
        }
    }

    // Partitions 0 and 1 are read.
    Router WithMaxDrift(long maxDriftMs)
    {
        var router = new Router(
            new RouterSettings(Groups, 0, new FlowSettings(), maxDriftMs), _ => [new RouteSide(Side.Left, 0, new TextDecoder())], _effects);
        for (var partition = 0; partition < 2; partition++)
            _generations[partition] = ++_effects.Generation;
        router.Assigned([.. _generations.Select(g => new PartitionStart("t", g.Key, g.Value, 0, true, 0, 100, 2))], _now);
        for (var group = 0; group < Groups; group++)
            router.Acknowledged(new KeyGroupAck(group, [.. _generations.Select(g => new AppliedPartition(new PartitionId(Side.Left, 0, g.Key), 0))]), _now);
        _effects.Sent.Clear();
        return router;
    }

    void Read(Router router, int partition, long from, string[] values, bool atEnd = false) =>
        router.Chunk(Chunk(partition, from, values, atEnd), _now);

    static long Position(Router router, int partition) => router.Status().Partitions.Single(p => p.Number == partition).Position;

    void Pass(Router router, long ms)
    {
        for (var until = _now + ms; _now < until; _now += 5)
            router.TimePassed(_now);
    }

    // Batches and ticks.
    void Acknowledge(Router router)
    {
        foreach (var message in _effects.Sent.OfType<Deliver>().ToList())
            router.Acknowledged(new KeyGroupAck(message.Group, [.. Headers(message).Select(h => new AppliedPartition(h.PartitionId, h.To))]), _now);
        Pass(router, 300);
        foreach (var ticks in _effects.ToAll.ToList())
        {
            for (var group = 0; group < Groups; group++)
                router.Acknowledged(new KeyGroupAck(group, [.. ticks.Ticks.Select(t => new AppliedPartition(t.Partition, t.To))]), _now);
        }
    }

    void Assign(int partition, long offset)
    {
        _generations[partition] = ++_effects.Generation;
        _positions[partition] = offset;
        _router.Assigned([new PartitionStart("t", partition, _effects.Generation, offset, true, 0, 100, 4)], _now);
        for (var group = 0; group < Groups; group++)
            _router.Acknowledged(new KeyGroupAck(group, [new AppliedPartition(new PartitionId(Side.Left, 0, partition), offset)]), _now);
        _effects.Sent.Clear();
    }

    void Read(int partition, params string[] values)
    {
        _router.Chunk(Chunk(partition, _positions[partition], values, atEnd: false), _now);
        _positions[partition] += values.Length;
    }

    // Every batch that was sent, but no tick.
    void AcknowledgeBatches()
    {
        foreach (var message in _effects.Sent.OfType<Deliver>().ToList())
            _router.Acknowledged(new KeyGroupAck(message.Group, [.. Headers(message).Select(h => new AppliedPartition(h.PartitionId, h.To))]), _now);
    }

    void Pass(long ms)
    {
        for (var until = _now + ms; _now < until; _now += 5)
            _router.TimePassed(_now);
    }

    RecordChunk Chunk(int partition, long from, string[] values, bool atEnd) => TextChunks.Of(partition, _generations[partition], from, values, atEnd);
}
