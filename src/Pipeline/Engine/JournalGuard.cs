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
    /// <summary>The journal's id; a new one where there was no journal.</summary>
    internal string JournalId { get; private set; } = "";

    /// <summary>The differences that were taken over.</summary>
    internal IReadOnlyList<DefinitionChange> Changes { get; private set; } = [];

    /// <summary>Checks, and writes the definition where it is new or was changed safely.</summary>
    /// <param name="configured">The definition as configured.</param>
    /// <param name="committed">Source partitions with a committed offset.</param>
    /// <exception cref="UserException">Definition, journal and offsets do not belong together.</exception>
    /// <returns>The definition to run with.</returns>
    internal JoinDefinition Check(JoinDefinition configured, int committed)
    {
        if (journal.Get(join.Name, CatalogNames.Definition) is not { } bytes)
        {
            RefuseOrphanedOffsets(committed);
            JournalId = NewJournalId();
            Write(configured);
            return configured;
        }

        JournalId = Encoding.UTF8.GetString(journal.Get(join.Name, CatalogNames.JournalId) ?? []);
        var journaled = DefinitionCodec.Read(bytes);
        Changes = DefinitionChange.Between(journaled, configured);
        RefuseUnsafeChanges();
        configured = KeepTopicIds(configured, journaled);
        if (Changes.Count > 0)
            Write(configured);
        return configured;
    }

    /// <summary>Gives the journal a new id, since the old one's sequence numbers may name other rows.</summary>
    internal string Renew()
    {
        JournalId = NewJournalId();
        journal.Set(join.Name, new Dictionary<string, byte[]> { [CatalogNames.JournalId] = Encoding.UTF8.GetBytes(JournalId) });
        return JournalId;
    }

    static string NewJournalId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    // A broker that tells no id now must not erase the one that is journaled.
    static JoinDefinition KeepTopicIds(JoinDefinition configured, JoinDefinition journaled) => configured with
    {
        Left = configured.Left.TopicId.Length > 0 ? configured.Left : configured.Left with { TopicId = journaled.Left.TopicId },
        Right = configured.Right.TopicId.Length > 0 ? configured.Right : configured.Right with { TopicId = journaled.Right.TopicId },
    };

    void Write(JoinDefinition definition) => journal.Set(join.Name, new Dictionary<string, byte[]>
    {
        [CatalogNames.Definition] = DefinitionCodec.Write(definition),
        [CatalogNames.JournalId] = Encoding.UTF8.GetBytes(JournalId),
    });

    void RefuseOrphanedOffsets(int committed)
    {
        if (committed == 0)
            return;
        throw new UserException(
            $"join '{join.Name}': the consumer group '{join.GroupId}' has committed offsets for {committed} partitions, but the journal in {journal.Place} knows nothing of the join. "
            + $"The records that rested in the lost journal would be missing without a word. Two ways out: put the journal back where it was ({journal.PlaceKey}); "
            + $"or join anew from the log's beginning with another group-id (akkajoin.joins.{join.Name}.group-id), or after deleting the group '{join.GroupId}'.",
            1);
    }

    void RefuseUnsafeChanges()
    {
        var topics = Changes.Where(c => c.IsTopicId).ToList();
        if (topics.Count > 0)
        {
            throw new UserException(
                $"join '{join.Name}': a source topic was deleted and made again since the journal began ({string.Join("; ", topics)}). Its offsets mean other records now. "
                + "Start anew with an empty journal and another group-id.",
                1);
        }

        var refused = Changes.Where(c => !c.IsSafe).ToList();
        if (refused.Count > 0)
        {
            throw new UserException(
                $"join '{join.Name}' differs from what is journaled in {journal.Place}, in a way that records held already would not survive:\n  "
                + string.Join("\n  ", refused)
                + "\nSet it back, or run the new definition as another join (another name, group-id and output topic).",
                78);
        }
    }
}
