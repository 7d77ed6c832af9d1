using System.Security.Cryptography;
using System.Text;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// What is checked before a join starts: that the journal is of this definition, and that it and the committed offsets belong together.
/// </summary>
sealed class JournalGuard(JoinJournal journal, JoinSettings join)
{
    /// <summary>Checks, and writes the definition where there is none yet.</summary>
    /// <param name="configured">The definition as configured.</param>
    /// <param name="committed">Source partitions with a committed offset.</param>
    /// <exception cref="UserException">Definition, journal and offsets do not belong together.</exception>
    /// <returns>The definition to run with.</returns>
    internal JoinDefinition Check(JoinDefinition configured, int committed)
    {
        if (Review(configured, committed) is { } journaled)
            return journaled;
        return journal.TryAdd(join.Name, Values(configured, NewJournalId())) ? configured : Check(configured, committed); // another node was first
    }

    /// <summary>As <see cref="Check"/>, and writes nothing.</summary>
    /// <exception cref="UserException">Definition, journal and offsets do not belong together.</exception>
    /// <returns>The definition to run with; null where none is journaled.</returns>
    internal JoinDefinition? Review(JoinDefinition configured, int committed)
    {
        if (journal.Get(join.Name, CatalogNames.Definition) is not { } bytes)
        {
            RefuseOrphanedOffsets(join, committed, journal.Place, journal.PlaceKey);
            return null;
        }

        var journaled = DefinitionCodec.Read(bytes);
        var changes = Changes(configured);
        if (changes.Count > 0)
        {
            throw new UserException(
                $"join '{join.Name}' differs from what is journaled in {journal.Place}:\n  " + string.Join("\n  ", Texts(changes))
                + "\nSet it back, or change the journal with all nodes stopped: akkajoin definition -c FILE --apply",
                ConfigException.Code);
        }

        return KeepTopicIds(configured, journaled);
    }

    /// <summary>What would change; empty where the join is not journaled yet, or as it is configured.</summary>
    /// <exception cref="UserException">Records that are held already would not survive it.</exception>
    internal IReadOnlyList<DefinitionChange> Changes(JoinDefinition configured)
    {
        if (journal.Get(join.Name, CatalogNames.Definition) is not { } bytes)
            return [];
        var changes = DefinitionChange.Between(DefinitionCodec.Read(bytes), configured);
        RefuseUnsafe(changes);
        return changes;
    }

    /// <summary>Differences in the words of the configuration.</summary>
    internal IEnumerable<string> Texts(IEnumerable<DefinitionChange> changes) => changes.Select(change => DefinitionWords.Describe(change, join));

    /// <summary>Writes a definition that <see cref="Changes"/> has found to be safe. No node runs meanwhile.</summary>
    internal void Apply(JoinDefinition configured)
    {
        var journaled = DefinitionCodec.Read(journal.Get(join.Name, CatalogNames.Definition)!);
        journal.Set(join.Name, Values(KeepTopicIds(configured, journaled), CurrentId()));
    }

    // What nodes of format 1 put into the ids of their rows; nothing else reads it.
    string CurrentId() => Encoding.UTF8.GetString(journal.Get(join.Name, CatalogNames.JournalId) ?? []);

    static string NewJournalId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    // A broker that tells no id now must not erase the one that is journaled.
    static JoinDefinition KeepTopicIds(JoinDefinition configured, JoinDefinition journaled) => configured with
    {
        Left = configured.Left.TopicId.Length > 0 ? configured.Left : configured.Left with { TopicId = journaled.Left.TopicId },
        Right = configured.Right.TopicId.Length > 0 ? configured.Right : configured.Right with { TopicId = journaled.Right.TopicId },
    };

    static Dictionary<string, byte[]> Values(JoinDefinition definition, string journalId) => new()
    {
        [CatalogNames.Definition] = DefinitionCodec.Write(definition),
        [CatalogNames.JournalId] = Encoding.UTF8.GetBytes(journalId),
    };

    /// <summary>Refuses offsets of a join that the journal does not know.</summary>
    /// <exception cref="UserException">There are some.</exception>
    internal static void RefuseOrphanedOffsets(JoinSettings join, int committed, string place, string placeKey)
    {
        if (committed == 0)
            return;
        throw new UserException(
            $"join '{join.Name}': the consumer group '{join.GroupId}' has committed offsets for {committed} partitions, but the journal in {place} knows nothing of the join. "
            + $"The records that rested in the lost journal would be missing without a word. Two ways out: put the journal back where it was ({placeKey}); "
            + $"or join anew from the log's beginning with another group-id (akkajoin.joins.{join.Name}.group-id), or after deleting the group '{join.GroupId}'.",
            1);
    }

    void RefuseUnsafe(IReadOnlyList<DefinitionChange> changes)
    {
        var topics = changes.Where(c => c.IsTopicId).ToList();
        if (topics.Count > 0)
        {
            throw new UserException(
                $"join '{join.Name}': a source topic was deleted and made again since the journal began ({string.Join("; ", Texts(topics))}). Its offsets mean other records now. "
                + "Start anew with an empty journal and another group-id.",
                1);
        }

        var refused = changes.Where(c => !c.IsSafe).ToList();
        if (refused.Count > 0)
        {
            throw new UserException(
                $"join '{join.Name}' differs from what is journaled in {journal.Place}, in a way that records held already would not survive:\n  "
                + string.Join("\n  ", Texts(refused))
                + "\nSet it back, or run the new definition as another join (another name, group-id and output topic).",
                ConfigException.Code);
        }
    }
}
