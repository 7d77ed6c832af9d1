using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Pipeline.Settings;

/// <summary>One input of a join, <c>left</c> or <c>right</c>.</summary>
public sealed record SourceSettings
{
    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>
    /// The parts that make the key: field paths of the value, "header:NAME" or "record-key.PATH" (a field of a JSON record key); empty = the
    /// record's own key.
    /// </summary>
    public IReadOnlyList<string> KeyPaths { get; init; } = [];

    /// <summary>The field path of the event time, "header:NAME" or "record-key.PATH"; null = the record's timestamp.</summary>
    public string? TimePath { get; init; }

    /// <summary>How the field at <see cref="TimePath"/> is written.</summary>
    public TimeFormat TimeFormat { get; init; } = TimeFormat.EpochMillis;

    /// <summary>The field path of the id, "record-key.PATH", or null.</summary>
    public string? IdPath { get; init; }

    /// <summary>The name of the header that holds the id, or null.</summary>
    public string? IdHeader { get; init; }

    /// <summary>What a record must fulfil to be joined, or null. It is judged before key and time.</summary>
    public ParsedFilter? Filter { get; init; }

    /// <summary>"json", "raw", or the type name of an <see cref="Decoding.IRecordDecoder"/>.</summary>
    public string Format { get; init; } = "json";
}
