using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>One difference between the journaled definition and the configured one.</summary>
/// <param name="Name">The setting.</param>
/// <param name="Journaled">What the journal says.</param>
/// <param name="Configured">What the configuration says.</param>
sealed record DefinitionChange(string Name, string Journaled, string Configured)
{
    // What neither changes which records are held nor which of them match.
    static readonly HashSet<string> Safe =
    [
        "attribution.max-collapsed", "max-out-of-orderness-ms", "idle.policy", "idle.timeout-ms", "max-drift-ms",
        "max-ahead-of-wall-clock-ms",
    ];

    /// <summary>Whether records that are held already keep their meaning.</summary>
    internal bool IsSafe => Safe.Contains(Name) || IsLateDropped;

    // Dropping remembers ids for a shorter time; the other way round, a copy of what is forgotten would join again.
    bool IsLateDropped => Name == "late.policy" && Configured == nameof(LatePolicy.Drop);

    /// <summary>Whether a topic was deleted and made again.</summary>
    internal bool IsTopicId => Name.EndsWith(".topic-id", StringComparison.Ordinal);

    /// <summary>Every difference, in the order of the definition. A topic id that one of them does not know is none, nor is that of another topic.</summary>
    internal static IReadOnlyList<DefinitionChange> Between(JoinDefinition journaled, JoinDefinition configured)
    {
        // What was journaled before numbers were exact says them as doubles.
        if (DefinitionCodec.IsOfVersion1(journaled))
            configured = DefinitionCodec.WithDoubles(configured);
        var old = DefinitionCodec.Entries(journaled).ToDictionary(e => e.Key, e => e.Value);
        bool IsOfOtherTopic(string topicId) => topicId.StartsWith("left.", StringComparison.Ordinal)
            ? journaled.Left.Topic != configured.Left.Topic
            : journaled.Right.Topic != configured.Right.Topic;
        return
        [
            .. DefinitionCodec.Entries(configured)
                .Select(e => new DefinitionChange(e.Key, old.GetValueOrDefault(e.Key, ""), e.Value))
                .Where(c => c.Journaled != c.Configured && !(c.IsTopicId && (c.Journaled.Length == 0 || c.Configured.Length == 0 || IsOfOtherTopic(c.Name)))),
        ];
    }
}
