namespace AkkaJoin.Shards.Journal;

/// <summary>What the journal's database says of each join beside the key groups' events.</summary>
public interface IJoinCatalog
{
    /// <summary>The value, or null where there is none.</summary>
    /// <exception cref="JournalException">The database cannot be read.</exception>
    byte[]? Get(string join, string name);

    /// <summary>Writes a value where there is none, durably; false where there is one already, of whichever node.</summary>
    /// <exception cref="JournalException">The database cannot be written.</exception>
    bool TryAdd(string join, string name, byte[] value);

    /// <summary>Writes the values, all or none, durably.</summary>
    /// <exception cref="JournalException">The database cannot be written.</exception>
    void Set(string join, IReadOnlyDictionary<string, byte[]> values);

    /// <summary>Counts one up, durably: a number that no node was given before for this join, from 1 on.</summary>
    /// <exception cref="JournalException">The database cannot be written.</exception>
    long NextGeneration(string join);
}
