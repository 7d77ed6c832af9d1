using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
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

    internal static readonly object[] Samples =
    [
        new Deliver(5, [1, 2, 3]),
        new DeliverPart(5, 77, 1, 3, [4, 5]),
        new DeliverTicks(5, [SomeTick], Flush: true),
        new NodeTicks([SomeTick, SomeTick with { Through = 9 }], Flush: false),
        new NodeFloor(-1_573_552_530_000),
        new GroupAck(5, [new CoveredPartition(SomeTick.Partition, 12)]),
        new GroupAck(5, [new CoveredPartition(SomeTick.Partition, 12)]) { Event = SomeEvent, Stamp = 9 },
        new GroupFellBack(5, SomeEvent, [new CoveredPartition(SomeTick.Partition, 12)]) { Event = SomeEvent with { Number = 6 } },
        new GroupGap(5, SomeTick.Partition, 12, true) { Event = SomeEvent },
        new DeliverTicks(5, [SomeTick], true) { RestsOn = [SomeEvent], Stamp = 7 },
        new NodeTicks([SomeTick], false) { RestsOn = [[SomeEvent], [], [SomeEvent, SomeEvent]], Stamp = 7 },
        new GroupGap(5, SomeTick.Partition, 12),
        new GroupGap(5, SomeTick.Partition, 12, IsProven: true),
        new CloseTime(5, -1, long.MaxValue),
        new TimeClosed(5),
        new StartGroup(5),
        new AskStatus(5),
        new GroupStatus(
            5, 10, 9, new SideLedger { Received = 3, Resting = 3 }, new SideLedger { Late = 1 }, SideWatermarks.None, -7, "left/0/1", "right/0/2", 3, 400, 50,
            11, 12, Idle: true, 13, 14, 15, 1, [new CoveredPartition(SomeTick.Partition, 12)])
        {
            Node = "akka.tcp://akkajoin@127.0.0.1:4053",
            SnapshotSequence = 8,
            SnapshotTimeMs = 1_573_552_530_000,
        },
        new FlushGroup(5),
        new RenewJournal(5, "id"),
        StopGroup.Instance,
        new JournalEvent([1]),
        new GroupSnapshot([2]),
    ];

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
        Assert.All(protocol, type => Assert.Contains(type, sampled));
    }
}
