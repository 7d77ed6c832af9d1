namespace AkkaJoin.Bench.Load;

/// <summary>The configuration of a join over a load.</summary>
static class JoinText
{
    /// <summary>The name of the join.</summary>
    internal const string Name = "take-rate";

    /// <summary>The text of the file.</summary>
    /// <param name="topics">What is joined.</param>
    /// <param name="join">The type of the join.</param>
    /// <param name="window">How long after an impression a play may come, such as 10m.</param>
    /// <param name="output">The topic of the rows, and the consumer group.</param>
    /// <param name="journal">The keys of the journal.</param>
    internal static string Of(LoadTopics topics, string join, string window, string output, string journal) =>
        Of(topics.Servers, topics.Impressions, topics.Plays, join, window, output, journal);

    /// <summary>The same over topics that somebody else has filled.</summary>
    internal static string Of(string servers, string impressions, string plays, string join, string window, string output, string journal) => $$"""
        akkajoin {
          kafka.bootstrap-servers = "{{servers}}"
          {{journal}}
          joins.{{Name}} {
            type = {{join}}
            before = 0s, after = {{window}}
            left  { topic = {{impressions}}, key = [profile, title], time = ts, id = id }
            right { topic = {{plays}}, key = [profile, title], time = ts, id = id }
            max-out-of-orderness = 30s
            group-id = {{output}}
            output { topic = {{output}}, partitions = {{LoadTopics.Partitions}} }
          }
        }

        """;
}
