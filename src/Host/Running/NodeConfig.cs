using Akka.Configuration;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;

namespace AkkaJoin.Host.Running;

/// <summary>The actor system's configuration of a node: the user's first, then what AkkaJoin sets, then Akka's own defaults.</summary>
static class NodeConfig
{
    // Remoting stays on loopback: this release runs one node, a cluster of one.
    const string Defaults = """
        akka {
          loglevel = WARNING
          stdout-loglevel = OFF
          loggers = ["AkkaJoin.Host.Running.StderrLogger, akkajoin"]
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          actor {
            provider = cluster
            serialize-messages = off
          }
          remote.dot-netty.tcp {
            hostname = "127.0.0.1"
            port = 0
          }
          cluster {
            sharding {
              state-store-mode = ddata
              remember-entities = off
              passivate-idle-entity-after = off
              distributed-data.durable.keys = []
            }
            run-coordinated-shutdown-when-down = on
          }
          coordinated-shutdown {
            exit-clr = off
            run-by-clr-shutdown-hook = off
          }
        }
        """;

    internal static Config Create(Config user, JoinJournal journal) => user
        .WithFallback(journal.Config())
        .WithFallback(KeyGroupRegion.Serialization)
        .WithFallback(ConfigurationFactory.ParseString(Defaults));
}
