namespace AkkaJoin.Shards.Journal;

/// <summary>The names in an <see cref="IJoinCatalog"/>.</summary>
public static class CatalogNames
{
    /// <summary>The join's definition, in the form of DefinitionCodec.</summary>
    public const string Definition = "definition";

    /// <summary>The random id of the journal, UTF-8. Nodes of format 1 put it into the ids of their rows.</summary>
    public const string JournalId = "journal-id";

    /// <summary>The assignment generation that was given last, a decimal number, UTF-8.</summary>
    public const string Generation = "generation";

    /// <summary>The number of partitions that the left and the right topic had when the join began, "LEFT RIGHT", UTF-8.</summary>
    public const string SourcePartitions = "source-partitions";

    /// <summary>Before "TOPIC/PARTITION": the offset at which the join began with that partition, a decimal number, UTF-8.</summary>
    public const string SourceOrigin = "source-origin:";

    /// <summary>The watermarks to which the last bounded run closed time, "LEFT RIGHT" in ms, UTF-8.</summary>
    public const string ClosedThrough = "closed-through";

    /// <summary>Of no join: certificate and private key of the nodes that were given none, PEM.</summary>
    public const string NodeSecret = "node-certificate";
}
