using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Pipeline.Settings;

/// <summary>One input of a join, <c>left</c> or <c>right</c>.</summary>
public sealed record SourceSettings
{
    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>
    /// The parts that make the key: field paths of the value, "header:NAME" or "record-key.PATH" (a field of a JSON
    /// record key); empty = the record's own key.
    /// </summary>
    public IReadOnlyList<string> KeyPaths { get; init; } = [];

    /// <summary>
    /// The field path of the event time, "header:NAME" or "record-key.PATH"; null = the record's timestamp.
    /// </summary>
    public string? TimePath { get; init; }

    /// <summary>How the field at <see cref="TimePath"/> is written.</summary>
    public TimeFormat TimeFormat { get; init; } = TimeFormat.EpochMillis;

    /// <summary>The field path of the id, "record-key.PATH", or null.</summary>
    public string? IdPath { get; init; }

    /// <summary>The name of the header that holds the id, or null.</summary>
    public string? IdHeader { get; init; }

    /// <summary>
    /// The condition that a record must fulfil to be joined, or null. It is evaluated before key and time are read.
    /// </summary>
    internal ParsedFilter? Filter { get; init; }

    /// <summary>"json", "raw", or the type name of an <see cref="Decoding.IRecordDecoder"/>.</summary>
    public string Format { get; init; } = "json";

    /// <summary>Whether the records come from a source of the application's, and not from Kafka.</summary>
    internal bool IsFromSource { get; init; }

    /// <summary>
    /// Gives the constructor of a decoder what it needs beside these settings; null = no application does.
    /// </summary>
    internal IServiceProvider? Services { get; init; }
}

/// <summary>How an event time is written in a field.</summary>
public enum TimeFormat
{
    /// <summary>
    /// A number of milliseconds since 1970-01-01T00:00:00Z; what lies below the millisecond is cut off downwards.
    /// </summary>
    EpochMillis,

    /// <summary>A number of seconds since 1970-01-01T00:00:00Z; a fraction counts down to the millisecond.</summary>
    EpochSeconds,

    /// <summary>A number of microseconds since 1970-01-01T00:00:00Z, cut off downwards to the millisecond.</summary>
    EpochMicros,

    /// <summary>A text such as 2019-11-12T10:15:30.123Z; without an offset it is UTC.</summary>
    Iso8601,
}

/// <summary>The names that time formats have in a configuration.</summary>
static class TimeFormats
{
    /// <summary>Every format with its name, in the order in which messages list them.</summary>
    internal static readonly (string Name, TimeFormat Format)[] Names =
    [
        ("epoch-millis", TimeFormat.EpochMillis),
        ("epoch-seconds", TimeFormat.EpochSeconds),
        ("epoch-micros", TimeFormat.EpochMicros),
        ("iso-8601", TimeFormat.Iso8601),
    ];

    /// <summary>The name of a format.</summary>
    internal static string Name(TimeFormat format) => Array.Find(Names, named => named.Format == format).Name;
}
