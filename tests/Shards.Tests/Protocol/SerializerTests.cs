using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Serialization;
using Xunit;

namespace AkkaJoin.Shards.Tests.Protocol;

public sealed class SerializerTests() : TestKit(KeyGroupRegion.Serialization)
{
    static readonly Tick SomeTick = new(new PartitionId(Side.Right, 1, 2), 3, 4, 5_000, -6, 7);

    static readonly EventId SomeEvent = new(Incarnation.Of("00c0ffee00c0ffee"), 4);

    static readonly KeyEntry SomeEntry = new(0, 3, 44, -55, KeyEntryState.Repairable, EntryFlags.Matched | EntryFlags.Late)
    {
        TimestampMs = 56,
        Id = [7],
        Closes = new WatermarkNeed(SideWatermarks.None, 60),
        Forgets = new WatermarkNeed(61, 62),
        ValueLength = 2_000,
        Value = [1, 2, 3],
    };

    internal static readonly object[] Samples =
    [
        new Deliver(5, [1, 2, 3]),
        new DeliverPart(5, 77, 1, 3, [4, 5]),
        new DeliverTicks(5, [SomeTick], Flush: true),
        new NodeTicks([SomeTick, SomeTick with { To = 9 }], Flush: false),
        new NodeWatermark(-1_573_552_530_000),
        new KeyGroupAck(5, [new AppliedPartition(SomeTick.Partition, 12)]),
        new KeyGroupAck(5, [new AppliedPartition(SomeTick.Partition, 12)]) { Event = SomeEvent, Stamp = 9 },
        new KeyGroupAck(5, [new AppliedPartition(SomeTick.Partition, 12)])
        {
            Event = SomeEvent,
            Stamp = 9,
            Times = [new AppliedTime(-1_573_552_530_000, 12)],
        },
        new KeyGroupFellBack(5, SomeEvent, [new AppliedPartition(SomeTick.Partition, 12)]) { Event = SomeEvent with { Number = 6 } },
        new KeyGroupGap(5, SomeTick.Partition, 12, true) { Event = SomeEvent },
        new DeliverTicks(5, [SomeTick], true) { BasedOn = [SomeEvent], Stamp = 7 },
        new NodeTicks([SomeTick], false) { BasedOn = [[SomeEvent], [], [SomeEvent, SomeEvent]], Stamp = 7 },
        new KeyGroupGap(5, SomeTick.Partition, 12),
        new KeyGroupGap(5, SomeTick.Partition, 12, IsProven: true),
        new EndInput(5, -1, long.MaxValue),
        new EndInput(5, -1, long.MaxValue) { BasedOn = [SomeEvent, SomeEvent with { Number = 6 }] },
        new InputEnded(5),
        new StartKeyGroup(5),
        new AskStatus(5),
        new KeyGroupStatus(5)
        {
            Sequence = 10,
            LastConfirmed = 9,
            Left = new SideLedger { Received = 3, Waiting = 3 },
            Right = new SideLedger { Late = 1 },
            LeftWatermark = SideWatermarks.None,
            RightWatermark = -7,
            LeftHolder = "left/0/1",
            RightHolder = "right/0/2",
            Buffered = 3,
            StateBytes = 400,
            JournalBytes = 50,
            LeftWatermarkThatCloses = 11,
            RightWatermarkThatCloses = 12,
            IsIdle = true,
            Rows = 13,
            LateCopies = 14,
            Events = 15,
            Unconfirmed = 1,
            Applied = [new AppliedPartition(SomeTick.Partition, 12)],
            Node = "akka.tcp://akkajoin@127.0.0.1:4053",
            SnapshotSequence = 8,
            SnapshotTimeMs = 1_573_552_530_000,
        },
        new FlushKeyGroup(5),
        new RenewJournal(5, "id"),
        StopKeyGroup.Instance,
        new NodeQuestion(1, "sources", [1, 2]),
        new NodeAnswer(1, 2, 3, IsError: true, [4, 5]),
        new AskKey(5, [1, 2], -3, long.MaxValue, 100) { WithValues = true, Id = [9] },
        new KeyReport(
            5,
            10,
            new SideWatermarks(SideWatermarks.None, 7, new PartitionId(Side.Left, 0, 1), SomeTick.Partition),
            new KeySideReport(2, IsExact: true, [SomeEntry, SomeEntry with { Id = null, Value = [], ValueLength = 0 }]),
            new KeySideReport(100_000, IsExact: false, [])),
        new JournalEvent([1]),
        new KeyGroupSnapshot([2]),
    ];

    // What stands in messages, and is none.
    static readonly Type[] Parts = [typeof(KeySideReport), typeof(KeyEntry)];

    public static TheoryData<object> Messages => [.. Samples];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_message_of_the_protocol_comes_back_as_it_was(object message)
    {
        var serializer = Assert.IsType<ShardsSerializer>(Sys.Serialization.FindSerializerFor(message));
        var back = serializer.FromBinary(serializer.ToBinary(message), serializer.Manifest(message));
        Assert.Equivalent(message, back, strict: true);
    }

    [Fact]
    public void A_message_that_leaves_the_node_has_a_sample_here()
    {
        var sampled = Samples.Select(sample => sample.GetType()).ToHashSet();
        var protocol = typeof(Deliver).Assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false } && t.Namespace == typeof(Deliver).Namespace && !typeof(INoSerializationVerificationNeeded).IsAssignableFrom(t))
            .Where(t => !t.Name.Contains('<', StringComparison.Ordinal));
        Assert.All(protocol.Except(Parts), type => Assert.Contains(type, sampled));
    }
}
