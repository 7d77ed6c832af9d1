namespace AkkaJoin.Shards.Journal;

/// <summary>Named values of each join, kept in the journal's database beside the events of its key groups.</summary>
interface IJoinCatalog
{
    /// <summary>The value, or null where there is none.</summary>
    /// <exception cref="JournalException">The database cannot be read.</exception>
    byte[]? Get(string join, string name);

    /// <summary>
    /// As <see cref="Get"/>, and does not wait for a database that is away: for what is asked again anyway.
    /// </summary>
    /// <inheritdoc cref="Get"/>
    byte[]? GetAtOnce(string join, string name) => Get(join, name);

    /// <summary>Writes the values, all or none, durably.</summary>
    /// <exception cref="JournalException">The database cannot be written.</exception>
    void Set(string join, IReadOnlyDictionary<string, byte[]> values);

    /// <summary>Writes the values, all or none, durably, unless one of them is there already.</summary>
    /// <exception cref="JournalException">The database cannot be written.</exception>
    /// <returns>Whether they were written. When several nodes try, one of them gets true.</returns>
    bool TryAdd(string join, IReadOnlyDictionary<string, byte[]> values);

    /// <summary>Writes a value durably, where it is still the one that the writer read.</summary>
    /// <param name="join">The join.</param>
    /// <param name="name">The value's name.</param>
    /// <param name="expected">What was read; null = there was none.</param>
    /// <param name="value">The new value.</param>
    /// <exception cref="JournalException">The database cannot be written.</exception>
    /// <returns>Whether it was written. Where another node was first it was not.</returns>
    bool TryReplace(string join, string name, byte[]? expected, byte[] value);

    /// <summary>
    /// Counts up by one, durably. Returns a number, from 1 on, that no node got before for this join.
    /// </summary>
    /// <exception cref="JournalException">The database cannot be written.</exception>
    long NextGeneration(string join);
}

/// <summary>The names in an <see cref="IJoinCatalog"/>.</summary>
static class CatalogNames
{
    /// <summary>The join's definition, in the form of DefinitionCodec.</summary>
    public const string Definition = "definition";

    /// <summary>The random id of the journal, UTF-8. Nodes of format 1 put it into the ids of their rows.</summary>
    public const string JournalId = "journal-id";

    /// <summary>The assignment generation that was given last, a decimal number, UTF-8.</summary>
    public const string Generation = "generation";

    /// <summary>
    /// The number of partitions that the left and the right topic had when the join began, "LEFT RIGHT", UTF-8.
    /// </summary>
    public const string SourcePartitions = "source-partitions";

    /// <summary>
    /// Before "TOPIC/PARTITION": the offset at which the join began with that partition, a decimal number, UTF-8.
    /// </summary>
    public const string SourceOrigin = "source-origin:";

    /// <summary>The watermarks at which the last bounded run ended its input, "LEFT RIGHT" in ms, UTF-8.</summary>
    public const string EndWatermarks = "closed-through";

    /// <summary>
    /// What idle partitions do to time, the word of the configuration, UTF-8. Without it they wait: the definition
    /// itself always says so, for nodes of format 2.
    /// </summary>
    public const string IdlePolicy = "idle-policy";

    /// <summary>What people asked of the join while it runs, in the form of FlowOrderCodec.</summary>
    public const string FlowOrder = "flow-order";

    /// <summary>
    /// Certificate and private key of the nodes for which none is configured, PEM. It belongs to no join.
    /// </summary>
    public const string NodeSecret = "node-certificate";
}
