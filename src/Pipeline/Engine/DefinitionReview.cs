using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>The journaled definition of a join beside the configured one.</summary>
sealed class DefinitionReview
{
    readonly JournalGuard _guard;
    readonly JoinDefinition _configured;

    DefinitionReview(JournalGuard guard, JoinDefinition configured, bool isJournaled)
    {
        _guard = guard;
        _configured = configured;
        IsJournaled = isJournaled;
        Changes = guard.Changes(configured);
    }

    /// <summary>Whether the journal has a definition of the join at all; its first start writes one.</summary>
    internal bool IsJournaled { get; }

    /// <summary>The differences, all of them safe; empty where there is none, or no journal of the join.</summary>
    internal IReadOnlyList<DefinitionChange> Changes { get; }

    /// <summary>The differences in the words of the configuration.</summary>
    internal IEnumerable<string> Texts => _guard.Texts(Changes);

    /// <summary>Compares; the broker is asked, since the topics' ids are part of the definition.</summary>
    /// <exception cref="UserException">
    /// The broker or a topic is not there, or a difference would give buffered records another meaning.
    /// </exception>
    internal static async Task<DefinitionReview> OfAsync(KafkaSettings kafka, JoinSettings join, JoinJournal journal)
    {
        using var admin = TopicAdmin.Create(kafka);
        await admin.ConnectAsync();
        var infos = await admin.DescribeSourcesAsync([.. new[] { join.Left.Topic, join.Right.Topic }.Distinct()]);
        var isJournaled = journal.Get(join.Name, CatalogNames.Definition) is not null;
        return new DefinitionReview(new JournalGuard(journal, join), DefinitionBuilder.Build(join, infos[0], infos[^1]), isJournaled);
    }

    /// <summary>Makes the configured definition the journaled one. No node of the join runs meanwhile.</summary>
    internal void Apply() => _guard.Apply(_configured);
}
