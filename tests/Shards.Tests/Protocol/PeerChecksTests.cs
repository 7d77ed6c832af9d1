using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Profiling;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Tests.KeyGroups;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Protocol;

/// <summary>What a peer may say to a key group, and what becomes of the rest.</summary>
public sealed class PeerChecksTests
{
    const int Partitions = 3;
    static readonly PartitionId Left = new(Side.Left, 0, 0);
    static readonly Tick Honest = new(Left, Partitions, 0, 5, 100, 1);
    readonly List<byte[]> _journal = [];
    readonly ShellWorld _world;

    public PeerChecksTests() => _world = new ShellWorld(new KeyGroupMemory(), _journal);

    public static TheoryData<string> Lies => [.. All.Keys];

    static Dictionary<string, IKeyGroupMessage> All { get; } = new()
    {
        ["a topic that there is not"] = Ticks(Honest with { Partition = Left with { Source = 1 } }),
        ["a topic of a negative number"] = Ticks(Honest with { Partition = Left with { Source = -1 } }),
        ["a million partitions"] = Ticks(Honest with { PartitionCount = 1 << 20 }),
        ["no partitions"] = Ticks(Honest with { PartitionCount = 0 }),
        ["a partition beyond their number"] = Ticks(Honest with { Partition = Left with { Partition = Partitions } }),
        ["an offset at the end of a number"] = Ticks(Honest with { To = long.MaxValue }),
        ["a negative offset"] = Ticks(Honest with { From = -1 }),
        ["an end before the beginning"] = Ticks(Honest with { From = 6 }),
        ["a watermark beyond all time"] = Ticks(Honest with { Watermark = TimeLimits.Max + 1 }),
        ["a watermark before all time"] = Ticks(Honest with { Watermark = (2 * TimeLimits.Min) - 1 }),
        ["ticks of another group"] = new DeliverTicks(1, [Honest], Flush: true),
        ["a batch of a topic that there is not"] = new Deliver(0, Batch(Left with { Source = 1 }, Partitions, 5)),
        ["a batch of a million partitions"] = new Deliver(0, Batch(Left, 1 << 20, 5)),
        ["a batch through the end of a number"] = new Deliver(0, Batch(Left, Partitions, 1L << 62)),
        ["a batch beyond all time"] = new Deliver(0, Batch(Left, Partitions, 5, TimeLimits.Max + 1)),
        ["a batch of another group"] = new Deliver(1, Batch(Left, Partitions, 5)),
        ["half a batch"] = new Deliver(0, Batch(Left, Partitions, 5)[..40]),
        ["noise"] = new Deliver(0, [1, 2, 3]),
        ["noise in parts"] = new DeliverPart(0, 1, 0, 1, [1, 2, 3]),
        ["a part without a message"] = new DeliverPart(0, 1, 0, int.MaxValue, [1]),
        ["a close beyond all time"] = new EndInput(0, long.MaxValue, long.MaxValue),
        ["a close of another group"] = new EndInput(1, 0, 0),
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public void A_message_that_no_node_sends_is_refused_told_of_once_and_ends_nothing(string what)
    {
        for (var i = 0; i < 3; i++)
            _world.Shell.Receive(All[what], "liar");
        Assert.Empty(_journal);
        Assert.Empty(_world.Told);
        Assert.Equal("liar", Assert.Single(_world.Refused).Sender);
        Assert.True(_world.Group.Idle);

        _world.Shell.Receive(new DeliverTicks(0, [Honest], Flush: true), "honest");
        _world.Persist();
        Assert.Single(_journal);
        Assert.Equal("honest", Assert.Single(_world.ToldTo));
        Assert.Equal(5, _world.Group.Clocks.AppliedOffset(Left));
    }

    [Fact]
    public void Time_is_closed_no_further_than_all_that_the_group_knows_of_needs_it()
    {
        _world.Shell.Receive(new EndInput(0, TimeLimits.Max, TimeLimits.Max), this);
        _world.Persist();
        Assert.Equal(SideWatermarks.None, _world.Group.Clocks.Watermarks().Left);

        _world.Shell.Receive(new DeliverTicks(0, [Honest with { PartitionCount = 1, Watermark = 1_000 }], Flush: true), this);
        _world.Persist();
        _world.Shell.Receive(new EndInput(0, 1_005, TimeLimits.Max), this);
        _world.Persist();

        // The window is 10 ms wide.
        Assert.Equal((1_005, 1_021), (_world.Group.Clocks.Watermarks().Left, _world.Group.Clocks.Watermarks().Right));
    }

    [Fact]
    public void A_journal_that_took_such_a_message_in_is_recovered_all_the_same()
    {
        var poisoned = new KeyGroup(0, Definitions.Of(JoinType.Full, 0, 10), Incarnations.OnlyOne, _ => new TestRowWriter(), new KeyGroupLimits());
        poisoned.Recovered();
        foreach (var lie in (Tick[])[Honest with { To = long.MaxValue }, Honest with { Partition = Left with { Source = 1 } }, Honest with { PartitionCount = 200_000 }])
            poisoned.Offer(new DeliverTicks(0, [lie], Flush: true), "liar");
        poisoned.Offer(new EndInput(0, TimeLimits.Max, TimeLimits.Max), "liar");
        _journal.Add(poisoned.NextEvent()!);
        var recovered = new ShellWorld(new KeyGroupMemory(), _journal);
        Assert.Equal(1, recovered.Group.Sequence);
        Assert.Equal(long.MaxValue, recovered.Group.Clocks.AppliedOffset(Left));
    }

    [Fact]
    public void With_a_hundred_thousand_partitions_an_event_costs_what_it_costs_with_one()
    {
        const int events = 2_000;
        var begin = ThreadClock.NowNs; // of this thread: what else the machine does does not count
        for (var i = 0; i < events; i++)
        {
            var partition = Left with { Partition = i };
            _world.Shell.Receive(new DeliverTicks(0, [new Tick(partition, PeerChecks.PartitionsMax, 0, 5, 100 + i, 1)], Flush: true), this);
            _world.Persist();
        }

        Assert.Equal(events, _journal.Count);

        // A look at each partition in each event takes 20 s.
        Assert.InRange((ThreadClock.NowNs - begin) / 1_000_000, 0, 3_000);
    }

    [Fact]
    public void An_answer_of_no_key_group_or_about_no_offset_does_not_reach_the_router()
    {
        Assert.True(PeerChecks.IsAnswer(new KeyGroupAck(1, [new AppliedPartition(Left, 5)]), groups: 2));
        Assert.False(PeerChecks.IsAnswer(new KeyGroupAck(2, [new AppliedPartition(Left, 5)]), groups: 2));
        Assert.True(PeerChecks.IsAnswer(WithTimes(new AppliedTime(SideWatermarks.End, 5)), groups: 2));
        Assert.False(PeerChecks.IsAnswer(WithTimes(new AppliedTime(SideWatermarks.End + 1, 5)), groups: 2));
        Assert.False(PeerChecks.IsAnswer(WithTimes(new AppliedTime(1, -1)), groups: 2));
        Assert.False(PeerChecks.IsAnswer(WithTimes(new AppliedTime(1, 5), new AppliedTime(1, 5)), groups: 2));
        var lost = new EventId(Incarnations.One, 1);
        Assert.True(PeerChecks.IsAnswer(new KeyGroupFellBack(1, lost, [new AppliedPartition(Left, 5), new AppliedPartition(Left with { Partition = 1 }, 5)]), groups: 2));
        Assert.False(PeerChecks.IsAnswer(new KeyGroupFellBack(1, lost, [new AppliedPartition(Left, 5), new AppliedPartition(Left, 6)]), groups: 2));
        Assert.False(PeerChecks.IsAnswer(new KeyGroupAck(-1, []), groups: 2));
        Assert.False(PeerChecks.IsAnswer(new KeyGroupAck(1, [new AppliedPartition(Left, 1L << 62)]), groups: 2));
        Assert.True(PeerChecks.IsAnswer(new KeyGroupGap(0, Left, 5), groups: 2));
        Assert.False(PeerChecks.IsAnswer(new KeyGroupGap(2, Left, 5), groups: 2));
        Assert.False(PeerChecks.IsAnswer(new KeyGroupGap(0, Left, long.MaxValue), groups: 2));
        Assert.True(PeerChecks.IsNodeWatermark(new NodeWatermark(SideWatermarks.End)));
        Assert.False(PeerChecks.IsNodeWatermark(new NodeWatermark(long.MaxValue)));
        Assert.False(PeerChecks.IsNodeWatermark(new NodeWatermark(long.MinValue)));

        static KeyGroupAck WithTimes(params AppliedTime[] times) => new(1, [new AppliedPartition(Left, 5)]) { Times = times };
    }

    static DeliverTicks Ticks(Tick tick) => new(0, [tick], Flush: true);

    static byte[] Batch(PartitionId partition, int count, long to, long watermark = BatchHeader.NoWatermark)
    {
        var writer = new RecordBatchWriter();
        writer.Begin(0);
        return writer.End(partition.Side, partition.Source, partition.Partition, count, to, watermark, 1).ToArray();
    }
}
