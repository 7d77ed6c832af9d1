using System.Globalization;
using System.Text;
using System.Text.Json;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Json;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Pipeline.Fields;

/// <summary>
/// Names some of the fields that a record has, so that a user sees which path was meant. Values are never shown.
/// </summary>
static class FieldNames
{
    /// <summary>The most names of one record.</summary>
    internal const int NamesMax = 16;

    /// <summary>The most of them that lie in one object of the record.</summary>
    internal const int NestedMax = 4;

    const int DepthMax = 3;
    const int CharactersMax = 60;
    static readonly JsonReaderOptions Options = new() { MaxDepth = JsonScanner.DepthMax };

    /// <summary>
    /// Adds the paths of a JSON object's fields; none where it is no object, and those before the mistake where it is
    /// malformed.
    /// </summary>
    internal static void AddJson(List<string> names, string prefix, ReadOnlySpan<byte> json)
    {
        json = JsonPrefix.Skip(json);
        if (!json.TrimStart(" \t\r\n"u8).StartsWith("{"u8))
            return;
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            reader.Read();
            Add(names, prefix, ref reader);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON from here on, or a name that is no text.
        }
    }

    /// <summary>Adds the names of headers.</summary>
    internal static void AddHeaders(List<string> names, ReadOnlySpan<byte> headers)
    {
        var reader = HeaderEncoding.Read(headers);
        while (names.Count < NamesMax && reader.MoveNext())
            Add(names, RecordPart.HeaderPrefix + Encoding.UTF8.GetString(reader.Name));
    }

    /// <summary>A text from a record or a user's own class on one line of bounded length.</summary>
    internal static string Shown(string text, int charactersMax = CharactersMax)
    {
        var shown = new StringBuilder(Math.Min(text.Length, charactersMax));
        foreach (var c in text)
        {
            if (shown.Length == charactersMax)
                return shown.Append("...").ToString();
            shown.Append(IsShown(c) ? c : '?');
        }

        return shown.ToString();
    }

    static bool IsShown(char c) => char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    static void Add(List<string> names, string prefix, ref Utf8JsonReader reader)
    {
        var path = new List<string>();
        var nested = 0;
        while (names.Count < NamesMax && reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                if (path.Count == 0)
                    return;
                path.RemoveAt(path.Count - 1);
                continue;
            }

            path.Add(reader.GetString()!);
            reader.Read();
            nested = path.Count == 1 ? 0 : nested;
            if (reader.TokenType == JsonTokenType.StartObject && path.Count < DepthMax)
                continue; // its fields follow
            if (path.Count == 1 || nested++ < NestedMax)
                Add(names, prefix + FieldPath.Format(path));
            reader.Skip();
            path.RemoveAt(path.Count - 1);
        }
    }

    static void Add(List<string> names, string name)
    {
        name = Shown(name);
        if (!names.Contains(name))
            names.Add(name);
    }
}
