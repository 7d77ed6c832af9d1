using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Protocol;
using Xunit;

namespace AkkaJoin.Shards.Tests.Protocol;

/// <summary>Two nodes: only messages with a serializer of their own go from one to the other.</summary>
public sealed class RefusingSerializerTests() : TestKit(TwoNodes)
{
    sealed record Stranger(string Text);

    static readonly Config TwoNodes = ConfigurationFactory.ParseString("""
        akka {
          loglevel = WARNING
          actor {
            provider = remote
            serializers.akkajoin-refusing = "AkkaJoin.Shards.Serialization.RefusingSerializer, AkkaJoin.Shards"
            serialization-bindings."System.Object" = akkajoin-refusing
          }
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        }
        """).WithFallback(KeyGroupRegion.Serialization);

    [Fact]
    public async Task A_message_without_a_serializer_of_its_own_does_not_leave_the_node_and_the_next_one_does()
    {
        var other = ActorSystem.Create("other", TwoNodes);
        var probe = CreateTestProbe(other);
        var address = ((ExtendedActorSystem)other).Provider.DefaultAddress;
        var remote = ((ExtendedActorSystem)Sys).Provider.ResolveActorRef(probe.Ref.Path.ToStringWithAddress(address));
        remote.Tell(new Stranger("never"));
        remote.Tell(new StartKeyGroup(5));
        Assert.Equal(5, (await probe.ExpectMsgAsync<StartKeyGroup>(TimeSpan.FromSeconds(20))).Group);
        await other.Terminate();
    }

    [Fact]
    public void What_comes_under_the_number_of_the_refusing_serializer_is_no_object_of_that_type()
    {
        var serializer = Sys.Serialization.FindSerializerForType(typeof(Stranger));
        Assert.Throws<NotSupportedException>(() => serializer.ToBinary(new Stranger("")));
        Assert.Throws<NotSupportedException>(() => serializer.FromBinary<Stranger>("{}"u8.ToArray()));
    }
}
