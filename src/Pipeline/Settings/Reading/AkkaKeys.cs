using AkkaJoin.Pipeline.Hocon;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>
/// The keys below <c>akka</c> that the program sets itself, from <c>akkajoin</c> or for its safety: who may speak to
/// the node, which messages a node accepts, and everything that the join's correctness depends on. In the user's file
/// they would override the program's values in silence, so they are refused.
/// </summary>
static class AkkaKeys
{
    const string Cluster = "the program sets it; use akkajoin.cluster";
    const string Tls = "the nodes always speak mutual TLS; use akkajoin.cluster.tls";
    const string Safety = "the program sets it, since what a node takes from the network depends on it";
    const string Join = "the program sets it, since the join's correctness depends on it";

    static readonly (string Path, string Reason)[] Own =
    [
        ("akka.actor.provider", Join),
        ("akka.actor.serializers", Safety),
        ("akka.actor.serialization-bindings", Safety),
        ("akka.actor.serialization-identifiers", Safety),
        ("akka.actor.serialization-settings", Safety),
        ("akka.actor.serialize-messages", Join),
        ("akka.actor.serialize-creators", Join),
        ("akka.cluster.roles", Join),
        ("akka.cluster.role", Join),
        ("akka.cluster.seed-nodes", Cluster + ".seeds"),
        ("akka.cluster.run-coordinated-shutdown-when-down", Join),
        ("akka.cluster.sharding.coordinator-singleton", Join),
        ("akka.cluster.sharding.distributed-data.durable", Join),
        ("akka.cluster.sharding.guardian-name", Safety),
        ("akka.cluster.sharding.passivate-idle-entity-after", Join),
        ("akka.cluster.sharding.remember-entities", Join),
        ("akka.cluster.sharding.role", Join),
        ("akka.cluster.sharding.state-store-mode", Join),
        ("akka.cluster.singleton.singleton-name", Safety),
        ("akka.persistence.max-concurrent-recoveries", "use akkajoin.state.recoveries-max"),
        ("akka.remote.adapters", Safety),
        ("akka.remote.enabled-transports", Safety),
        ("akka.remote.helios", Safety),
        ("akka.remote.dot-netty.udp", Safety),
        ("akka.remote.trusted-selection-paths", Safety),
        ("akka.remote.untrusted-mode", Safety),
        ("akka.remote.dot-netty.tcp.applied-adapters", Safety),
        ("akka.remote.dot-netty.tcp.byte-order", Safety),
        ("akka.remote.dot-netty.tcp.enable-backwards-compatibility", Safety),
        ("akka.remote.dot-netty.tcp.enable-ssl", Tls),
        ("akka.remote.dot-netty.tcp.hostname", Cluster + ".bind-hostname"),
        ("akka.remote.dot-netty.tcp.port", Cluster + ".port"),
        ("akka.remote.dot-netty.tcp.public-hostname", Cluster + ".hostname"),
        ("akka.remote.dot-netty.tcp.public-port", Cluster + ".port"),
        ("akka.remote.dot-netty.tcp.ssl", Tls),
        ("akka.remote.dot-netty.tcp.tcp-reuse-addr", "two processes could listen on one port; it is off"),
        ("akka.remote.dot-netty.tcp.transport-class", Safety),
        ("akka.remote.dot-netty.tcp.transport-protocol", Safety),
    ];

    /// <summary>Notes the keys of a whole configuration that are not the user's.</summary>
    internal static void Check(HoconObject root, ProblemList problems)
    {
        foreach (var (path, reason) in Own)
            Check(root, path, path.Split('.'), reason, problems);
    }

    static void Check(HoconObject root, string path, string[] names, string reason, ProblemList problems)
    {
        var at = root;
        for (var i = 0; i < names.Length && at.Fields.TryGetValue(names[i], out var value); i++)
        {
            if (i == names.Length - 1)
                problems.AddSentence($"{path} cannot be set", $": {reason}", path, value.Origin);
            else if (value is HoconObject below)
                at = below;
            else
                RefuseAround(string.Join('.', names.Take(i + 1)), value, problems);
            if (value is not HoconObject)
                return;
        }
    }

    // It would hide all keys below it, those of the program too.
    static void RefuseAround(string path, HoconValue value, ProblemList problems) =>
        problems.AddSentence($"{path} must be an object in braces", $", not {value.Kind}", path, value.Origin);
}
