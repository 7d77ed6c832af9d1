namespace AkkaJoin.Shards.Definition;

/// <summary>What a journaled definition says of one input.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="TopicId">The broker's id of the topic, or empty where the broker has none.</param>
/// <param name="Key">How the key is found: "record-key", or the field paths, separated by commas.</param>
/// <param name="Time">How the event time is found: "record-timestamp", or a field path and its format.</param>
/// <param name="Id">How the id is found: a field path, "header:NAME", or empty (then nothing is a duplicate).</param>
/// <param name="Format">The decoder: "json", "raw", or a type name.</param>
/// <param name="Fields">The typed fields that <see cref="JoinDefinition.Where"/> names, in the order of their encoding.</param>
public sealed record SourceDefinition(
    string Topic, string TopicId, string Key, string Time, string Id, string Format, IReadOnlyList<string> Fields)
{
    /// <summary>The canonical text of the condition that a record must fulfil to be joined, or empty.</summary>
    public string Filter { get; init; } = "";

    /// <summary>Whether records carry ids, so that duplicates are looked for.</summary>
    public bool Deduplicates => Id.Length > 0;
}
