using System.Globalization;
using AkkaJoin.Pipeline.Embedded;

namespace AkkaJoin.Host.Demo;

/// <summary>
/// The demo's topics, with so many partitions that nothing of <see cref="DemoOptions.EventsMax"/> records is dropped.
/// </summary>
static class DemoTopics
{
    internal const string Impressions = "impressions", Plays = "plays", Rows = "take-rate";

    internal static void Create(EmbeddedKafka kafka)
    {
        kafka.CreateTopic(Impressions, 16);
        kafka.CreateTopic(Plays, 8);
        kafka.CreateTopic(Rows, 32);
        kafka.CreateTopic(Rows + ".late", 2);
        kafka.CreateTopic(Rows + ".dead", 2);
    }

    /// <summary>
    /// The configuration, as a user would write it; it lies in the demo's directory to be read and changed.
    /// </summary>
    internal static string Configuration(string bootstrapServers, string directory, DemoOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        # The demo's own configuration: run it again with "akkajoin demo", or take it as a start.
        akkajoin {
          kafka {
            bootstrap-servers = "{{bootstrapServers}}"
            session-timeout = 2s        # so that a killed engine has its partitions back at once; a real Kafka allows 6s and more
          }
          journal = sqlite
          sqlite.directory = "{{directory.Replace("\\", "\\\\", StringComparison.Ordinal)}}"
          flow.commit-interval = 1s
          admin.port = none
          joins.take-rate {
            type = {{options.Type.ToString().ToLowerInvariant()}}
            before = 0s, after = 10m    # a play counts for an impression shown up to ten minutes before it
            left  { topic = {{Impressions}}, key = [profile, title], time = ts, id = id }
            right { topic = {{Plays}}, key = [profile, title], time = ts, id = id }
            max-out-of-orderness = 30s
            output { topic = {{Rows}} }
          }
        }

        """);
}
