using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>The shard region of one join.</summary>
static class KeyGroupRegion
{
    /// <summary>
    /// The serializers that an actor system needs for key groups: our own, and those of Akka's sharding. Akka adds the
    /// latter only when the sharding starts. By then the actor system has made its serializers, and other nodes may
    /// already have sent messages.
    /// </summary>
    internal static Config Serialization { get; } = ConfigurationFactory.ParseString("""
        akka.actor {
          serializers {
            akkajoin = "AkkaJoin.Shards.Serialization.ShardsSerializer, AkkaJoin.Shards"
            akka-sharding = "Akka.Cluster.Sharding.Serialization.ClusterShardingMessageSerializer, Akka.Cluster.Sharding"
            akka-data-replication = "Akka.DistributedData.Serialization.ReplicatorMessageSerializer, Akka.DistributedData"
            akka-replicated-data = "Akka.DistributedData.Serialization.ReplicatedDataSerializer, Akka.DistributedData"
            akka-singleton = "Akka.Cluster.Tools.Singleton.Serialization.ClusterSingletonMessageSerializer, Akka.Cluster.Tools"
          }
          serialization-identifiers {
            "Akka.Cluster.Sharding.Serialization.ClusterShardingMessageSerializer, Akka.Cluster.Sharding" = 13
            "Akka.DistributedData.Serialization.ReplicatorMessageSerializer, Akka.DistributedData" = 12
            "Akka.DistributedData.Serialization.ReplicatedDataSerializer, Akka.DistributedData" = 11
            "Akka.Cluster.Tools.Singleton.Serialization.ClusterSingletonMessageSerializer, Akka.Cluster.Tools" = 14
          }
          serialization-bindings {
            "Akka.Cluster.Sharding.IClusterShardingSerializable, Akka.Cluster.Sharding" = akka-sharding
            "Akka.DistributedData.IReplicatorMessage, Akka.DistributedData" = akka-data-replication
            "Akka.DistributedData.IReplicatedDataSerialization, Akka.DistributedData" = akka-replicated-data
            "Akka.Cluster.Tools.Singleton.IClusterSingletonMessage, Akka.Cluster.Tools" = akka-singleton
            "AkkaJoin.Shards.Protocol.IWireMessage, AkkaJoin.Shards" = akkajoin
            "AkkaJoin.Shards.Journal.JournalEvent, AkkaJoin.Shards" = akkajoin
            "AkkaJoin.Shards.Journal.KeyGroupSnapshot, AkkaJoin.Shards" = akkajoin
          }
        }
        """);

    /// <summary>
    /// Starts the region. Key groups run always: no passivation, and nothing remembered, since the engine keeps them
    /// alive.
    /// </summary>
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
            StopKeyGroup.Instance);
    }

    /// <summary>The shard type of a join.</summary>
    internal static string TypeName(string join) => "akkajoin-" + join;
}
