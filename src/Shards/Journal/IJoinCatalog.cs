namespace AkkaJoin.Shards.Journal;

/// <summary>What the journal's database says of each join beside the key groups' events.</summary>
public interface IJoinCatalog
{
    /// <summary>The value, or null where there is none.</summary>
    /// <exception cref="JournalException">The database cannot be read.</exception>
    byte[]? Get(string join, string name);

    /// <summary>Writes the values, all or none, durably.</summary>
    /// <exception cref="JournalException">The database cannot be written.</exception>
    void Set(string join, IReadOnlyDictionary<string, byte[]> values);

    /// <summary>Writes the values, all or none, durably, unless one of them is there already.</summary>
    /// <exception cref="JournalException">The database cannot be written.</exception>
    /// <returns>Whether they were written: of several nodes that try, one is told so.</returns>
    bool TryAdd(string join, IReadOnlyDictionary<string, byte[]> values);

    /// <summary>Counts one up, durably: a number that no node was given before for this join, from 1 on.</summary>
    /// <exception cref="JournalException">The database cannot be written.</exception>
    long NextGeneration(string join);
}
