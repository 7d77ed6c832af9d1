using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Serialization;
using Akka.Cluster.Sharding.Serialization;
using Akka.Cluster.Tools.Singleton.Serialization;
using Akka.Configuration;
using Akka.DistributedData.Serialization;
using Akka.Remote.Serialization;
using Akka.Serialization;

namespace AkkaJoin.Shards.Serialization;

/// <summary>
/// What an actor system takes from the network: a list of serializer ids with the manifests of each, and nothing else.
/// Akka's own serializers would make any type that the bytes name: its JSON (1) by "$type", its Protobuf (2) and any
/// that takes a <see cref="Type"/> by the manifest, a deployment (3) by the class of the actor, Status.Failure (16) and
/// the system messages that carry a cause (22) by the serialization constructor of an exception. What is wrapped in a
/// message that is taken (a selection, an identification, a replicated value) goes through the same list.
/// <para>
/// The list is what a cluster with sharding sends: cluster (5), selections (6), the replicated state of the coordinator
/// (11, 12), sharding (13), the hand-over of a singleton (14), Identify and the heartbeats of watched nodes (16), texts
/// and numbers (17), and watching (22). The serializer of our own messages is not wrapped: it makes nothing but them.
/// </para>
/// </summary>
static class WireGuard
{
    /// <summary>Akka's and its plugins' ids lie below, but for one; an application's own at this or above.</summary>
    internal const int ApplicationIdMin = 100;

    const int Hyperion = -5;
    const string ClusterActions = "Akka.Cluster.InternalClusterAction+";

    static readonly string[] OfCluster =
    [
        ClusterActions + "InitJoin, Akka.Cluster",
        ClusterActions + "InitJoinAck, Akka.Cluster",
        ClusterActions + "InitJoinNack, Akka.Cluster",
        ClusterActions + "Join, Akka.Cluster",
        ClusterActions + "Welcome, Akka.Cluster",
        ClusterActions + "ExitingConfirmed, Akka.Cluster",
        "Akka.Cluster.ClusterHeartbeatSender+Heartbeat, Akka.Cluster",
        "Akka.Cluster.ClusterHeartbeatSender+HeartbeatRsp, Akka.Cluster",
        "HB",
        "HBR",
        "Akka.Cluster.GossipStatus, Akka.Cluster",
        "Akka.Cluster.GossipEnvelope, Akka.Cluster",
    ];

    // Write, WriteAck, Read, ReadResult, Status, Gossip, WriteNack, DeltaPropagation, DeltaNack.
    static readonly string[] OfReplicator = ["I", "J", "K", "L", "M", ReplicatedBytes.GossipManifest, "O", "Q", "R"];

    // A register, whose value is the coordinator's state, and the mark of one that was deleted.
    static readonly string[] OfReplicatedData = [ReplicatedBytes.RegisterManifest, "A"];

    // The coordinator's state, registering, homes, hand-off, and what regions and shards tell of themselves. Not:
    // envelopes of foreign messages, and events.
    static readonly string[] OfSharding =
    [
        "AA", "BA", "BB", "BC", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BK", "BL", "BM", "DA", "DB", "DC", "DD",
        "GS", "CS", "DG", "DH", "FA", "FB", "FC", "FD", "FE",
    ];

    static readonly string[] OfSingleton = ["A", "B", "C", "D"];

    // Identify, ActorIdentity, and the heartbeats of nodes that are watched. Not: PoisonPill, Kill, Status, and what is
    // only deployed.
    static readonly string[] OfMisc = ["ID", "AID", "RWHB", "RWHR"];

    static readonly string[] OfPrimitives =
    [
        "S", "I", "L",
        "System.String, System.Private.CoreLib", "System.Int32, System.Private.CoreLib", "System.Int64, System.Private.CoreLib",
    ];

    /// <summary>The serializers, each under a name and bound to the types that are written with it.</summary>
    internal static IEnumerable<(string Name, ImmutableHashSet<Type> Types, Func<ExtendedActorSystem, Serializer> Create)> Serializers()
    {
        var taken = new Dictionary<int, Func<ExtendedActorSystem, Serializer>>
        {
            [5] = system => Guard(system, new ClusterMessageSerializer(system), OfCluster),
            [6] = system =>
                new GuardedSerializer(system, 6, One("", bytes => new MessageContainerSerializer(system).FromBinary(bytes, null!))),
            [11] = system => Guard(system, new ReplicatedDataSerializer(system), OfReplicatedData),
            [12] = system => Guard(system, new ReplicatorMessageSerializer(system), OfReplicator),
            [13] = system => Guard(system, new ClusterShardingMessageSerializer(system), OfSharding),
            [14] = system => Guard(system, new ClusterSingletonMessageSerializer(system), OfSingleton),
            [16] = system => Guard(system, new MiscMessageSerializer(system), OfMisc),
            [17] = system =>
                Guard(
                    system, new PrimitiveSerializers(system, ConfigurationFactory.ParseString("use-legacy-behavior = off")), OfPrimitives),
            [22] = SystemMessages.Guard,
        };
        yield return ("akkajoin-refusing", [typeof(object)], system => new RefusingSerializer(system));
        foreach (var id in Enumerable.Range(0, ApplicationIdMin).Prepend(Hyperion))
            yield return ($"akkajoin-guard-{id}", [], taken.GetValueOrDefault(id) ?? (system => new RefusingSerializer(system, id)));
    }

    static GuardedSerializer Guard(ExtendedActorSystem system, SerializerWithStringManifest akka, string[] manifests) =>
        new(system, akka.Identifier, manifests.ToDictionary(
            manifest => manifest,
            manifest =>
                (Func<byte[], object>)(bytes => akka.FromBinary(ReplicatedBytes.Checked(akka.Identifier, manifest, bytes), manifest))));

    static Dictionary<string, Func<byte[], object>> One(string manifest, Func<byte[], object> read) => new() { [manifest] = read };
}
