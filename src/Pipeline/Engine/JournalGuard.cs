using System.Security.Cryptography;
using System.Text;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Checks before a join starts that the journal has the same definition, and that the journal and the committed offsets
/// belong together.
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
        if (Review(configured, committed) is { } kept)
        {
            if (kept.Idle != JournaledIdlePolicy())
                journal.Set(join.Name, new Dictionary<string, byte[]> { [CatalogNames.IdlePolicy] = Bytes(kept.Idle) });
            return kept;
        }

        return journal.TryAdd(join.Name, Values(configured, NewJournalId()))
            ? configured
            : Check(configured, committed); // another node was first
    }

    /// <summary>As <see cref="Check"/>, and writes nothing.</summary>
    /// <exception cref="UserException">Definition, journal and offsets do not belong together.</exception>
    /// <returns>The definition to run with; null where none is journaled.</returns>
    internal JoinDefinition? Review(JoinDefinition configured, int committed)
    {
        if (Journaled() is not { } journaled)
        {
            RefuseOrphanedOffsets(join, committed, journal.Location, journal.LocationKey);
            return null;
        }

        var changes = Changes(configured);
        if (changes.Count > 0)
        {
            throw new UserException(
                $"join '{join.Name}' differs from what is journaled in {journal.Location}:\n  " + string.Join("\n  ", Texts(changes))
                + "\nSet it back, or change the journal with all nodes stopped: akkajoin definition -c FILE --apply",
                ConfigException.Code);
        }

        return Kept(configured, journaled);
    }

    /// <summary>What would change; empty where the join is not journaled yet, or as it is configured.</summary>
    /// <exception cref="UserException">A change would give buffered records another meaning.</exception>
    internal IReadOnlyList<DefinitionChange> Changes(JoinDefinition configured)
    {
        if (Journaled() is not { } journaled)
            return [];
        var changes = DefinitionChange.Between(journaled, KeepDefaults(configured, journaled));
        RefuseUnsafe(changes);
        return changes;
    }

    /// <summary>Differences in the words of the configuration.</summary>
    internal IEnumerable<string> Texts(IEnumerable<DefinitionChange> changes) =>
        changes.Select(change => DefinitionWords.Describe(change, join));

    /// <summary>Writes a definition that <see cref="Changes"/> has found to be safe. No node runs meanwhile.</summary>
    internal void Apply(JoinDefinition configured)
    {
        journal.Set(join.Name, Values(Kept(configured, Journaled()!), CurrentId()));
    }

    // Nodes of format 1 put it into the ids of their rows; nothing else reads it.
    string CurrentId() => Encoding.UTF8.GetString(journal.Get(join.Name, CatalogNames.JournalId) ?? []);

    static string NewJournalId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    JoinDefinition Kept(JoinDefinition configured, JoinDefinition journaled) =>
        KeepTopicIds(KeepDefaults(configured, journaled), journaled);

    // A default that has changed is that of new joins: one that there is keeps its own until the key is set.
    JoinDefinition KeepDefaults(JoinDefinition configured, JoinDefinition journaled) => configured with
    {
        MaxAheadOfWallClockMs = join.SetsMaxAhead ? configured.MaxAheadOfWallClockMs : journaled.MaxAheadOfWallClockMs,
        Idle = join.SetsIdlePolicy ? configured.Idle : journaled.Idle,
    };

    JoinDefinition? Journaled() => journal.Get(join.Name, CatalogNames.Definition) is { } bytes
        ? DefinitionCodec.Read(bytes) with { Idle = JournaledIdlePolicy() }
        : null;

    IdlePolicy JournaledIdlePolicy()
    {
        if (journal.Get(join.Name, CatalogNames.IdlePolicy) is not { } bytes)
            return IdlePolicy.Wait;
        var word = Encoding.UTF8.GetString(bytes);
        foreach (var policy in Enum.GetValues<IdlePolicy>())
        {
            if (SettingWords.Of(policy) == word)
                return policy;
        }

        throw new UserException(
            $"join '{join.Name}': the journal in {journal.Location} has an idle policy that this release does not know: '{word}'. "
                + "Run the release that wrote it.",
            ConfigException.Code);
    }

    // A broker that does not tell an id must not erase the journaled one.
    static JoinDefinition KeepTopicIds(JoinDefinition configured, JoinDefinition journaled) => configured with
    {
        Left = configured.Left.TopicId.Length > 0 ? configured.Left : configured.Left with { TopicId = journaled.Left.TopicId },
        Right = configured.Right.TopicId.Length > 0 ? configured.Right : configured.Right with { TopicId = journaled.Right.TopicId },
    };

    // A node of format 2 knows no other policy, and compares.
    static Dictionary<string, byte[]> Values(JoinDefinition definition, string journalId) => new()
    {
        [CatalogNames.Definition] = DefinitionCodec.Write(definition with { Idle = IdlePolicy.Wait }),
        [CatalogNames.JournalId] = Encoding.UTF8.GetBytes(journalId),
        [CatalogNames.IdlePolicy] = Bytes(definition.Idle),
    };

    static byte[] Bytes(IdlePolicy policy) => Encoding.UTF8.GetBytes(SettingWords.Of(policy));

    /// <summary>Refuses offsets of a join that the journal does not know.</summary>
    /// <exception cref="UserException">There are some.</exception>
    internal static void RefuseOrphanedOffsets(JoinSettings join, int committed, string location, string locationKey)
    {
        if (committed == 0)
            return;
        throw new UserException(
            $"join '{join.Name}': the consumer group '{join.GroupId}' has committed offsets for {committed} partitions, but the "
                + $"journal in {location} knows nothing of the join. "
            + "The records that waited in the lost journal for a partner would be missing in silence. Two ways out: put the "
            + $"journal back where it was ({locationKey}); "
            + $"or join anew from the log's beginning with another group-id (akkajoin.joins.{join.Name}.group-id), or after "
            + $"deleting the group '{join.GroupId}'.",
            1);
    }

    void RefuseUnsafe(IReadOnlyList<DefinitionChange> changes)
    {
        var topics = changes.Where(c => c.IsTopicId).ToList();
        if (topics.Count > 0)
        {
            throw new UserException(
                $"join '{join.Name}': a source topic was deleted and made again since the journal began "
                    + $"({string.Join("; ", Texts(topics))}). Its offsets mean other records now. "
                + "Start anew with an empty journal and another group-id.",
                1);
        }

        var refused = changes.Where(c => !c.IsSafe).ToList();
        if (refused.Count > 0)
        {
            throw new UserException(
                $"join '{join.Name}' differs from what is journaled in {journal.Location}, in a way that gives buffered records "
                    + "another meaning:\n  "
                + string.Join("\n  ", Texts(refused))
                + "\nSet it back, or run the new definition as another join (another name, group-id and output topic).",
                ConfigException.Code);
        }
    }
}
