using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Protocol;
using Xunit;

namespace AkkaJoin.Shards.Tests.KeyGroups;

public sealed class TickRelayTests : TestKit
{
    [Fact]
    public void One_message_reaches_every_group_of_the_node_and_they_answer_its_sender()
    {
        var relay = Sys.ActorOf(Props.Create(() => new TickRelay(4)));
        var first = CreateTestProbe();
        var third = CreateTestProbe();
        relay.Tell(new KeyGroupUp(1), first);
        relay.Tell(new KeyGroupUp(3), third);
        relay.Tell(new NodeTicks([], Flush: true), TestActor);
        Assert.Equal(1, first.ExpectMsg<DeliverTicks>().Group);
        Assert.Equal(3, third.ExpectMsg<DeliverTicks>().Group);
        Assert.Equal(TestActor, third.LastSender);
    }

    [Fact]
    public void What_another_node_says_of_its_time_comes_to_the_router_of_this_one()
    {
        var relay = Sys.ActorOf(Props.Create(() => new TickRelay(1)));
        var router = CreateTestProbe();
        relay.Tell(RouterUp.Instance, router);
        relay.Tell(new NodeWatermark(5), TestActor);
        Assert.Equal(5, router.ExpectMsg<NodeWatermark>().Watermark);
        Assert.Equal(TestActor, router.LastSender);
    }

    [Fact]
    public void A_group_that_came_back_is_not_forgotten_with_its_predecessor()
    {
        var relay = Sys.ActorOf(Props.Create(() => new TickRelay(1)));
        var old = CreateTestProbe();
        var successor = CreateTestProbe();
        relay.Tell(new KeyGroupUp(0), old);
        relay.Tell(new KeyGroupUp(0), successor);
        Watch(old);
        Sys.Stop(old);
        ExpectTerminated(old);
        relay.Tell(new NodeTicks([], Flush: false), TestActor);
        successor.ExpectMsg<DeliverTicks>();
    }
}
