using System.Globalization;
using System.Text;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Chaos;

/// <summary>
/// The run's configuration: the user's, included, with the join once more under a name of its own. Topics, group and
/// journal rows of the user's join have other names, so that nothing of theirs is touched.
/// </summary>
static class ChaosConfig
{
    /// <summary>The user's join as it stands.</summary>
    /// <param name="options">Which file, which join.</param>
    /// <param name="servers">The brokers, or null for those of the file.</param>
    /// <exception cref="UserException">The file is wrong, or has no such join.</exception>
    internal static (AkkaJoinSettings Settings, JoinSettings Join) User(ChaosOptions options, string? servers)
    {
        var settings = ConfigLoader.LoadText(Included(options, servers), options.ConfigFile).Settings;
        return (settings, JoinChoice.Pick(settings, options.Join));
    }

    /// <summary>Writes the run's configuration.</summary>
    internal static void Write(ChaosOptions options, ChaosDirectory directory, JoinSettings join, RunIdentity run, string? servers)
    {
        var text = new StringBuilder("# Made by akkajoin chaos: the configuration of the run, around that of the user.\n");
        text.Append(Included(options, servers));
        if (options.StartPostgresql is not null)
            text.AppendLine(
                "akkajoin { journal = postgresql, postgresql { connection-string = null, connection-string-file = null, schema = public, "
                + "create-schema = on } }");
        // The embedded broker gives the partitions of a dead node away only after its session.
        if (options.Embedded)
            text.AppendLine("akkajoin.journal = sqlite\nakkajoin.kafka.session-timeout = 2s");
        var (left, right) = ChaosTopics.Sources(run, join);
        text.AppendLine(CultureInfo.InvariantCulture, $$"""
            akkajoin.sqlite.directory = {{Quote(directory.Journal)}}
            akkajoin.cluster {          # all nodes are on this machine
              bind-hostname = null
              tls { certificate-file = null, key-file = null, authority-file = null }
            }
            akkajoin.joins.{{run.Name}} = ${akkajoin.joins.{{Quote(join.Name)}}}
            akkajoin.joins.{{run.Name}} {
              group-id = {{run.Name}}
              start = earliest
              left.topic = {{left}}
              right.topic = {{right}}
              {{Idle(options)}}
              output {
                topic = {{ChaosTopics.Rows(run)}}
                late-topic = {{ChaosTopics.Late(run)}}
                dead-letter-topic = {{ChaosTopics.Dead(run)}}
              }
            }
            """);
        File.WriteAllText(directory.Config, text.ToString());
    }

    /// <summary>The run's settings and its join.</summary>
    internal static (AkkaJoinSettings Settings, JoinSettings Join) Run(ChaosDirectory directory, RunIdentity run)
    {
        var settings = ConfigLoader.Load(directory.Config).Settings;
        return (settings, JoinChoice.Pick(settings, run.Name));
    }

    // Disorder is bounded. So nothing that chaos feeds is ever late, unless the feeder falls silent and time goes on.
    static string Idle(ChaosOptions options) => options.Silences > 0
        ? string.Create(CultureInfo.InvariantCulture, $"idle {{ policy = wall-clock, timeout = {FeederSilences.TimeoutMs}ms }}")
        : "idle.policy = wait";

    static string Included(ChaosOptions options, string? servers)
    {
        var text = $"include required(file({Quote(Path.GetFullPath(options.ConfigFile))}))\n{options.Overrides}";
        if (servers is null)
            return text;

        // Passwords and certificates are those of the user's brokers; null first, or the objects would be merged.
        return text + $$"""
            akkajoin.kafka {
              bootstrap-servers = {{Quote(servers)}}
              client = null
              client = {}
            }

            """;
    }

    static string Quote(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
