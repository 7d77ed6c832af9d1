using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>One difference between the journaled definition and the configured one.</summary>
/// <param name="Name">The setting.</param>
/// <param name="Journaled">The value in the journal.</param>
/// <param name="Configured">The value in the configuration.</param>
sealed record DefinitionChange(string Name, string Journaled, string Configured)
{
    // These change neither which records are buffered nor which of them match.
    static readonly HashSet<string> Safe =
    [
        "attribution.max-collapsed", "max-out-of-orderness-ms", "max-drift-ms",
        "max-ahead-of-wall-clock-ms", "late.repair-for-ms", "min-time-ms", "max-jump-ms",
    ];

    // Events say what idle partitions did to time, and each key group journals what it goes by. So each node may start
    // with another value.
    static readonly HashSet<string> Free = ["idle.policy", "idle.timeout-ms"];

    /// <summary>Whether records that are buffered already keep their meaning.</summary>
    internal bool IsSafe => Safe.Contains(Name) || LateJoinNoMore;

    // From join to drop or repair, ids are remembered for a shorter time, or begin to be where time stands
    // (JoinState.Horizon). The other way round, a copy of a record whose id is forgotten would join again.
    bool LateJoinNoMore => Name == "late.policy" && Configured != nameof(LatePolicy.Join);

    /// <summary>Whether a topic was deleted and made again.</summary>
    internal bool IsTopicId => Name.EndsWith(".topic-id", StringComparison.Ordinal);

    /// <summary>
    /// Every difference, in the order of the definition. The id of a topic is no difference where one of the two lacks
    /// it, or where the topic itself is another.
    /// </summary>
    internal static IReadOnlyList<DefinitionChange> Between(JoinDefinition journaled, JoinDefinition configured)
    {
        // A definition that was journaled before numbers were exact has them as doubles.
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
                .Where(c => c.Journaled != c.Configured && !Free.Contains(c.Name)
                    && !(c.IsTopicId && (c.Journaled.Length == 0 || c.Configured.Length == 0 || IsOfOtherTopic(c.Name)))),
        ];
    }
}
