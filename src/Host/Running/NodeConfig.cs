using System.Globalization;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.DistributedData;
using AkkaJoin.Host.Remoting;
using AkkaJoin.Pipeline.Clustering;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;
using Microsoft.Extensions.Logging;

namespace AkkaJoin.Host.Running;

/// <summary>
/// The actor system's configuration of a node: the user's first, then what AkkaJoin sets, then Akka's own defaults.
/// </summary>
static class NodeConfig
{
    const string Defaults = """
        akka {
          stdout-loglevel = OFF
          stdout-logger-class = "AkkaJoin.Host.Running.SilentLogger, akkajoin"
          loggers = ["AkkaJoin.Host.Running.ActorLogger, akkajoin"]
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          actor {
            provider = cluster
            serialize-messages = off
          }
          remote {
            log-remote-lifecycle-events = off
            dot-netty.tcp {
              maximum-frame-size = 65536b
              send-buffer-size = 1MiB
              receive-buffer-size = 1MiB
            }
          }
          cluster {
            allow-weakly-up-members = off
            sharding {
              state-store-mode = ddata
              remember-entities = off
              passivate-idle-entity-after = off
              distributed-data.durable.keys = []
              rebalance-interval = 5s
              least-shard-allocation-strategy {
                rebalance-absolute-limit = 64
                rebalance-relative-limit = 0.34
              }
            }
          }
          coordinated-shutdown {
            exit-clr = off
            run-by-clr-shutdown-hook = off
          }
        }
        """;

    internal static Config Create(LoadedConfig config, JoinJournal journal, IEnumerable<string> roles) => config.Akka
        .WithFallback(Own(config.Settings, roles))
        .WithFallback(journal.Config())
        .WithFallback(KeyGroupRegion.Serialization)
        .WithFallback(ShutdownPhases.Config(config.Settings.Joins))
        .WithFallback(ConfigurationFactory.ParseString(Defaults))
        .WithFallback(ClusterTuning.Failover)
        .WithFallback(ClusterTuning.Sharding)
        .WithFallback(ClusterTuning.HandOff(config.Settings.Joins))
        .WithFallback(ClusterSharding.DefaultConfig())
        .WithFallback(DistributedData.DefaultConfig());

    static string Transport(ClusterSettings cluster) => cluster.IsPlain
        ? ""
        : $"transport-class = \"{typeof(NodeTransport).FullName}, {typeof(NodeTransport).Assembly.GetName().Name}\"";

    static Config Own(AkkaJoinSettings settings, IEnumerable<string> roles) => ConfigurationFactory.ParseString(string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        akka.loglevel = {{Level(settings.Log)}}
        akka.cluster.roles = [{{List(roles)}}]
        akka.remote {
          # No deployment from elsewhere, no message that Akka calls harmful, and by selection only what the cluster itself asks for.
          untrusted-mode = on
          trusted-selection-paths = [{{List(TrustedPaths.Of(settings.Joins))}}]
          dot-netty.tcp {
            public-hostname = "{{settings.Cluster.Hostname}}"
            hostname = "{{settings.Cluster.BindHostname ?? settings.Cluster.Hostname}}"
            port = {{settings.Cluster.Port}}
            {{Transport(settings.Cluster)}}
          }
        }
        """));

    /// <summary>The log's settings; where the user's <c>akka.loglevel</c> asks for more, that counts.</summary>
    internal static LogSettings LogOf(LoadedConfig config)
    {
        var log = config.Settings.Log;
        var asked = config.Akka.GetString("akka.loglevel", "")?.ToUpperInvariant() switch
        {
            "DEBUG" => LogLevel.Debug,
            "INFO" => LogLevel.Information,
            _ => log.Level,
        };
        return asked < log.Level ? log with { Level = asked } : log;
    }

    // Actors make no entry below it. From information on, the node's log decides, and can be told otherwise while it
    // runs.
    static string Level(LogSettings log) => log.Lowest <= LogLevel.Debug ? "DEBUG" : "INFO";

    static string List(IEnumerable<string> texts) => string.Join(", ", texts.Select(text => $"\"{text}\""));
}
