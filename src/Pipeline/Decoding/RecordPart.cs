using System.Text;
using AkkaJoin.Pipeline.Json;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Pipeline.Decoding;

/// <summary>Where a part of a key, an event time or an id stands in a record.</summary>
/// <param name="Origin">In what.</param>
/// <param name="Slot">The slot of its path in the scanner of the value, or of the record key; -1 where it is a header.</param>
/// <param name="Header">The name of the header, or null.</param>
/// <param name="Name">As it is configured.</param>
sealed record RecordPart(RecordPartOrigin Origin, int Slot, byte[]? Header, string Name)
{
    /// <summary>What begins the name of a header.</summary>
    internal const string HeaderPrefix = "header:";

    /// <summary>What begins a path into a JSON record key. A field of the value with this name stands in quotes.</summary>
    internal const string RecordKeyPrefix = "record-key.";

    /// <summary>Reads what is configured: a path into the value, "header:NAME" or "record-key.PATH".</summary>
    /// <exception cref="FormatException">A path is malformed.</exception>
    internal static RecordPart Of(string text, JsonScanner value, JsonScanner recordKey) => OriginOf(text) switch
    {
        RecordPartOrigin.Header => new RecordPart(RecordPartOrigin.Header, -1, Encoding.UTF8.GetBytes(text[HeaderPrefix.Length..]), text),
        RecordPartOrigin.RecordKey => new RecordPart(RecordPartOrigin.RecordKey, recordKey.Add(text[RecordKeyPrefix.Length..]), null, text),
        _ => new RecordPart(RecordPartOrigin.Value, value.Add(text), null, text),
    };

    /// <summary>In what a part stands.</summary>
    internal static RecordPartOrigin OriginOf(string text) =>
        text.StartsWith(HeaderPrefix, StringComparison.Ordinal) ? RecordPartOrigin.Header
        : text.StartsWith(RecordKeyPrefix, StringComparison.Ordinal) ? RecordPartOrigin.RecordKey : RecordPartOrigin.Value;

    /// <summary>Sees that a part can be one.</summary>
    /// <exception cref="FormatException">It cannot; the message says why.</exception>
    internal static void Check(string text)
    {
        switch (OriginOf(text))
        {
            case RecordPartOrigin.Header when text.Length == HeaderPrefix.Length:
                throw new FormatException("the name of the header is missing, \"header:NAME\"");
            case RecordPartOrigin.Header:
                break;
            case RecordPartOrigin.RecordKey:
                FieldPath.ParseConfigured(text[RecordKeyPrefix.Length..]);
                break;
            default:
                FieldPath.ParseConfigured(text);
                break;
        }
    }
}
