using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>The shard region of one join.</summary>
static class KeyGroupRegion
{
    /// <summary>What an actor system needs of serializers to run key groups.</summary>
    internal static Config Serialization { get; } = ConfigurationFactory.ParseString("""
        akka.actor {
          serializers.akkajoin = "AkkaJoin.Shards.Serialization.ShardsSerializer, AkkaJoin.Shards"
          serialization-bindings {
            "AkkaJoin.Shards.Protocol.IWireMessage, AkkaJoin.Shards" = akkajoin
            "AkkaJoin.Shards.Journal.JournalEvent, AkkaJoin.Shards" = akkajoin
            "AkkaJoin.Shards.Journal.GroupSnapshot, AkkaJoin.Shards" = akkajoin
          }
        }
        """);

    /// <summary>Starts the region. Key groups run always: no passivation, and nothing remembered, since the engine keeps them alive.</summary>
    internal static IActorRef Start(ActorSystem system, KeyGroupSetup setup)
    {
        var sharding = ClusterSharding.Get(system);
        var settings = ClusterShardingSettings.Create(system)
            .WithStateStoreMode(StateStoreMode.DData)
            .WithRememberEntities(false)
            .WithPassivateIdleAfter(TimeSpan.Zero)
            .WithRole(setup.Role);
        return sharding.Start(
            TypeName(setup.Definition.Name),
            group => Props.Create(() => new KeyGroupActor(setup, int.Parse(group, CultureInfo.InvariantCulture))),
            settings,
            new KeyGroupExtractor(setup.Definition.KeyGroups),
            sharding.DefaultShardAllocationStrategy(settings),
            StopGroup.Instance);
    }

    /// <summary>The shard type of a join.</summary>
    internal static string TypeName(string join) => "akkajoin-" + join;
}
