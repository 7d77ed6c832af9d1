using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Pipeline.Json;

/// <summary>
/// Finds several paths in a JSON text in one pass over its bytes, without a document and without an allocation. The
/// whole text is checked. Of a name that an object has twice the last one counts. Used by one thread at a time.
/// </summary>
sealed class JsonScanner
{
    /// <summary>The deepest nesting that is read.</summary>
    internal const int DepthMax = 256;

    static readonly JsonReaderOptions Options = new() { MaxDepth = DepthMax };

    readonly JsonPathNode _root = new([]);
    JsonSlot[] _slots = [];

    /// <summary>Adds a path; one that was added before gives the same slot.</summary>
    /// <returns>The index of its slot.</returns>
    /// <exception cref="FormatException">The path is malformed.</exception>
    internal int Add(string path)
    {
        var node = _root;
        foreach (var name in FieldPath.Parse(path))
            node = node.Child(Encoding.UTF8.GetBytes(name));
        if (node.Slot >= 0)
            return node.Slot;
        node.Slot = _slots.Length;
        Array.Resize(ref _slots, _slots.Length + 1);
        return node.Slot;
    }

    /// <summary>The place of a path in the text scanned last; valid until the next scan.</summary>
    internal ref readonly JsonSlot this[int slot] => ref _slots[slot];

    /// <summary>Scans a text.</summary>
    /// <returns>Whether it is an object; of anything else every field is missing.</returns>
    /// <exception cref="JsonException">
    /// The text is no JSON, no UTF-8, or nested deeper than <see cref="DepthMax"/>.
    /// </exception>
    internal bool Scan(ReadOnlySpan<byte> json)
    {
        Forget(_root);
        // The reader passes over invalid bytes within texts.
        if (!Utf8.IsValid(json))
            throw new JsonException("invalid UTF-8");
        var reader = new Utf8JsonReader(json, isFinalBlock: true, new JsonReaderState(Options));
        reader.Read();
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        if (isObject)
            ReadObject(ref reader, _root);
        while (reader.Read())
        {
        }

        return isObject;
    }

    void ReadObject(ref Utf8JsonReader reader, JsonPathNode node)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var child = node.Find(ref reader);
            reader.Read();
            if (child is not null)
                ReadValue(ref reader, child);
            else if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                reader.Skip();
        }
    }

    void ReadValue(ref Utf8JsonReader reader, JsonPathNode node)
    {
        if (node.Seen)
            Forget(node);
        node.Seen = true;
        var slot = new JsonSlot
        {
            Type = reader.TokenType,
            Start = (int)reader.TokenStartIndex,
            Length = reader.ValueSpan.Length,
        };
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                slot.Start++;
                slot.Escaped = reader.ValueIsEscaped;
                break;
            case JsonTokenType.StartObject when node.Children.Length > 0:
                ReadObject(ref reader, node);
                slot.Length = (int)reader.BytesConsumed - slot.Start;
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                reader.Skip();
                slot.Length = (int)reader.BytesConsumed - slot.Start;
                break;
        }

        if (node.Slot >= 0)
            _slots[node.Slot] = slot;
    }

    void Forget(JsonPathNode node)
    {
        node.Seen = false;
        if (node.Slot >= 0)
            _slots[node.Slot] = default;
        foreach (var child in node.Children)
        {
            if (child.Seen)
                Forget(child);
        }
    }
}

/// <summary>Where a field lies in the bytes of a JSON text.</summary>
struct JsonSlot
{
    /// <summary>The value's first token; <see cref="JsonTokenType.None"/> where the field is missing.</summary>
    internal JsonTokenType Type;

    /// <summary>The first byte: of a text the one after its quote.</summary>
    internal int Start;

    /// <summary>The bytes: of a text without its quotes, of an object or array with its brackets.</summary>
    internal int Length;

    /// <summary>Whether the text holds an escape.</summary>
    internal bool Escaped;

    internal readonly bool IsMissingOrNull => Type is JsonTokenType.None or JsonTokenType.Null;

    internal readonly ReadOnlySpan<byte> Of(ReadOnlySpan<byte> json) => json.Slice(Start, Length);

    /// <summary>The value as it is written, a text with its quotes.</summary>
    internal readonly ReadOnlySpan<byte> RawOf(ReadOnlySpan<byte> json) =>
        Type == JsonTokenType.String ? json.Slice(Start - 1, Length + 2) : Of(json);
}
