using System.Globalization;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Pipeline.Clustering;

/// <summary>
/// The values that decide how soon the key groups of a dead node run elsewhere: the same for the program and for
/// applications.
/// </summary>
static class ClusterTuning
{
    const int HandOffSlackMs = 5_000;
    const string RetryInterval = "akka.cluster.sharding.retry-interval";

    /// <summary>
    /// A dead node is unreachable after acceptable-heartbeat-pause, and down stable-after later. Values of the user or
    /// the application override these.
    /// </summary>
    internal static Config Failover { get; } = ConfigurationFactory.ParseString("""
        akka {
          # .NET's address reuse lets a second process listen on a live node's port and take half of its
          # connections. A node that was killed has its port again at once all the same.
          remote.dot-netty.tcp.tcp-reuse-addr = off
          cluster {
            downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
            split-brain-resolver {
              active-strategy = keep-majority
              stable-after = 7s
            }
            failure-detector.acceptable-heartbeat-pause = 4s
            # How long after the removal of a dead node its singletons start elsewhere. Short, since the journal's
            # fence, and not this, keeps two incarnations of a key group from writing.
            down-removal-margin = 1s
            run-coordinated-shutdown-when-down = on
          }
        }
        """);

    /// <summary>How soon a region asks the new coordinator again.</summary>
    internal static Config Sharding { get; } = ConfigurationFactory.ParseString($"{RetryInterval} = 500ms");

    /// <summary>
    /// How long the coordinator waits until regions and key groups have handed one over. A node that dies meanwhile
    /// never answers, and with Akka's own minute its key groups would run nowhere for that long. The value is above the
    /// longest hand-over of the joins, which ends by itself.
    /// </summary>
    internal static Config HandOff(IEnumerable<JoinSettings> joins) => ConfigurationFactory.ParseString(string.Create(
        CultureInfo.InvariantCulture,
        $"akka.cluster.sharding.handoff-timeout = "
            + $"{joins.Select(j => j.Flow.HandOverTimeoutMs).DefaultIfEmpty(0).Max() + HandOffSlackMs}ms"));

    /// <summary>
    /// <see cref="Sharding"/> for an application, or nothing where it has a value of its own. Akka.Hosting puts Akka's
    /// defaults of the sharding into the application's configuration, so only the value tells a default from the
    /// application's own.
    /// </summary>
    internal static Config ShardingFor(Config application) =>
        !application.HasPath(RetryInterval)
            || application.GetTimeSpan(RetryInterval) == ClusterSharding.DefaultConfig().GetTimeSpan(RetryInterval)
            ? Sharding
            : Config.Empty;

    /// <summary>Whether nobody removes dead nodes from the cluster.</summary>
    internal static bool HasNoDowning(Cluster cluster) => cluster.DowningProvider is NoDowning;
}
