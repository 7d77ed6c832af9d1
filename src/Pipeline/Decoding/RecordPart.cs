using System.Text;
using AkkaJoin.Pipeline.Json;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Pipeline.Decoding;

/// <summary>Where a part of a key, an event time or an id is in a record.</summary>
/// <param name="Origin">The part of the record that contains it.</param>
/// <param name="Slot">The slot of its path in the scanner of the value or of the record key; -1 for a header.</param>
/// <param name="Header">The name of the header, or null.</param>
/// <param name="Name">The configured text.</param>
sealed record RecordPart(RecordPartOrigin Origin, int Slot, byte[]? Header, string Name)
{
    /// <summary>The prefix of the name of a header.</summary>
    internal const string HeaderPrefix = "header:";

    /// <summary>
    /// The prefix of a path into a JSON record key. A field of the value with this name is written in quotes.
    /// </summary>
    internal const string RecordKeyPrefix = "record-key.";

    /// <summary>Reads a configured text: a path into the value, "header:NAME" or "record-key.PATH".</summary>
    /// <exception cref="FormatException">A path is malformed.</exception>
    internal static RecordPart Of(string text, JsonScanner value, JsonScanner recordKey) => OriginOf(text) switch
    {
        RecordPartOrigin.Header => new RecordPart(RecordPartOrigin.Header, -1, Encoding.UTF8.GetBytes(text[HeaderPrefix.Length..]), text),
        RecordPartOrigin.RecordKey => new RecordPart(RecordPartOrigin.RecordKey, recordKey.Add(text[RecordKeyPrefix.Length..]), null, text),
        _ => new RecordPart(RecordPartOrigin.Value, value.Add(text), null, text),
    };

    /// <summary>The part of the record that a text names.</summary>
    internal static RecordPartOrigin OriginOf(string text) =>
        text.StartsWith(HeaderPrefix, StringComparison.Ordinal) ? RecordPartOrigin.Header
        : text.StartsWith(RecordKeyPrefix, StringComparison.Ordinal) ? RecordPartOrigin.RecordKey : RecordPartOrigin.Value;

    /// <summary>Checks that a text names a part.</summary>
    /// <exception cref="FormatException">It does not; the message says why.</exception>
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

/// <summary>The part of a record that contains a field.</summary>
enum RecordPartOrigin
{
    /// <summary>In the JSON value.</summary>
    Value,

    /// <summary>In the JSON of the record key.</summary>
    RecordKey,

    /// <summary>In a header: the last one of its name.</summary>
    Header,
}
