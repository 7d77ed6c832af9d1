using System.Globalization;
using Akka;
using Akka.Actor;
using Akka.Configuration;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// How a node stops, as phases of Akka's coordinated shutdown:
/// <code>
/// akkajoin-drain                     stop reading, finish what is on the way, commit, leave the consumer group
/// cluster-sharding-shutdown-region   each key group finishes its event, sees its rows confirmed, and moves
/// akkajoin-outputs                   the producer's last records
/// cluster-leave ... cluster-shutdown leave the cluster
/// akkajoin-lease                     the last node gives the journal free
/// </code>
/// A phase that takes longer than its limit is left behind, and the next begins.
/// </summary>
static class ShutdownPhases
{
    internal const string Drain = "akkajoin-drain";
    internal const string Outputs = "akkajoin-outputs";
    internal const string Lease = "akkajoin-lease";

    // What a drain may take beside its own limit: closing the consumer.
    const int DrainSlackMs = 15_000;
    const int HandOverMs = 30_000;
    const int OutputsMs = 20_000;

    /// <summary>The phases, for the actor system's configuration.</summary>
    internal static Config Config(IEnumerable<JoinSettings> joins)
    {
        var drainMs = joins.Select(j => j.Flow.DrainTimeoutMs).DefaultIfEmpty(0).Max() + DrainSlackMs;
        return ConfigurationFactory.ParseString(string.Create(CultureInfo.InvariantCulture, $$"""
            akka.coordinated-shutdown.phases {
              {{Drain}} {
                depends-on = [before-service-unbind]
                timeout = {{drainMs}}ms
              }
              service-unbind.depends-on = [{{Drain}}]
              cluster-sharding-shutdown-region.timeout = {{HandOverMs}}ms
              {{Outputs}} {
                depends-on = [cluster-sharding-shutdown-region]
                timeout = {{OutputsMs}}ms
              }
              cluster-leave.depends-on = [{{Outputs}}]
              {{Lease}} {
                depends-on = [cluster-shutdown]
              }
              before-actor-system-terminate.depends-on = [{{Lease}}]
            }
            """));
    }

    /// <summary>Has a join end in its phases.</summary>
    internal static void Add(ActorSystem system, RunningJoin join)
    {
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(Drain, "drain-" + join.Name, () =>
        {
            if (shutdown.ShutdownReason is CoordinatedShutdown.ClusterDowningReason)
                join.Abandon();
            return DoneAfter(join.DrainAsync());
        });
        shutdown.AddTask(Outputs, "outputs-" + join.Name, () => DoneAfter(join.CloseOutputsAsync()));
    }

    static async Task<Done> DoneAfter(Task task)
    {
        await task;
        return Done.Instance;
    }
}
