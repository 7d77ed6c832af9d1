using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Protocol;
using Xunit;

namespace AkkaJoin.Shards.Tests.Journal;

/// <summary>The orderly stop of a key group that another node is to have.</summary>
public sealed class HandOverTests : TestKit
{
    // No confirmation is journaled by itself on the way.
    const int LongMs = 600_000;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    readonly ActorWorld _world;

    public HandOverTests()
        : this(new ActorWorld())
    {
    }

    HandOverTests(ActorWorld world)
        : base(world.Setup) => _world = world;

    [Fact]
    public async Task A_group_that_is_handed_over_waits_for_the_broker_and_its_successor_sends_nothing_again()
    {
        var group = Start();
        group.Tell(ActorWorld.Batch(Side.Left, 0, 1), TestActor);
        await ExpectMsgAsync<KeyGroupAck>(Patience);
        group.Tell(ActorWorld.Batch(Side.Right, 0, 1), TestActor);
        var outputs = await ExpectMsgAsync<OutputEvent>(Patience);
        Watch(group);
        group.Tell(StopKeyGroup.Instance);
        group.Tell(ActorWorld.Batch(Side.Right, 1, 2), TestActor);
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(200));
        group.Tell(new OutputConfirmed(outputs.Incarnation, outputs.Sequence));
        Assert.Equal(1, (await ExpectMsgAsync<KeyGroupAck>(Patience)).Items[0].Offset);
        await ExpectTerminatedAsync(group, Patience);

        var status = await Start().Ask<KeyGroupStatus>(new AskStatus(0), Patience);
        Assert.Equal((outputs.Sequence + 1, outputs.Sequence + 1, 1), (status.Sequence, status.LastConfirmed, status.Right.Received));
        Assert.False(HasMessages);
    }

    [Fact]
    public async Task An_event_under_way_is_finished_and_its_rows_are_waited_for()
    {
        var group = Start();
        group.Tell(ActorWorld.Batch(Side.Left, 0, 1), TestActor);
        await ExpectMsgAsync<KeyGroupAck>(Patience);
        Watch(group);
        group.Tell(ActorWorld.Batch(Side.Right, 0, 1), TestActor);
        group.Tell(StopKeyGroup.Instance);
        group.Tell(StopKeyGroup.Instance);
        var outputs = await ExpectMsgAsync<OutputEvent>(Patience);
        group.Tell(new OutputConfirmed(outputs.Incarnation, outputs.Sequence));
        await ExpectMsgAsync<KeyGroupAck>(Patience);
        await ExpectTerminatedAsync(group, Patience);
        Assert.Equal(outputs.Sequence + 1, _world.Execute("SELECT MAX(sequence_number) FROM journal"));
    }

    [Fact]
    public async Task A_group_without_anything_under_way_stops_at_once_and_journals_nothing()
    {
        var group = Start();
        group.Tell(ActorWorld.Batch(Side.Left, 0, 1), TestActor);
        await ExpectMsgAsync<KeyGroupAck>(Patience);
        Watch(group);
        group.Tell(StopKeyGroup.Instance);
        await ExpectTerminatedAsync(group, Patience);
        Assert.Equal(1, _world.Execute("SELECT MAX(sequence_number) FROM journal"));
    }

    [Fact]
    public async Task At_the_limit_it_stops_without_the_broker_and_its_successor_sends_its_rows_again()
    {
        var group = Start(handOverMs: 100);
        group.Tell(ActorWorld.Batch(Side.Left, 0, 1), TestActor);
        await ExpectMsgAsync<KeyGroupAck>(Patience);
        group.Tell(ActorWorld.Batch(Side.Right, 0, 1), TestActor);
        var outputs = await ExpectMsgAsync<OutputEvent>(Patience);
        Watch(group);
        group.Tell(StopKeyGroup.Instance);
        await ExpectTerminatedAsync(group, Patience);
        Start();
        Assert.Equal(outputs.Sequence, (await ExpectMsgAsync<OutputEvent>(Patience)).Sequence);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _world.Dispose();
    }

    IActorRef Start(int handOverMs = 10_000, int flushMs = LongMs) => Sys.ActorOf(_world.Props(TestActor, handOverMs: handOverMs, flushMs: flushMs));
}
