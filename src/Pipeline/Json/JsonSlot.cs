using System.Text.Json;

namespace AkkaJoin.Pipeline.Json;

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
