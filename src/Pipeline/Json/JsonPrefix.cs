namespace AkkaJoin.Pipeline.Json;

/// <summary>
/// What may stand before a JSON text: a byte order mark, or the five bytes that Confluent's serializers write (a zero
/// byte and the id of a schema, big-endian). Neither is a part of the JSON; no JSON begins with a byte of either.
/// </summary>
static class JsonPrefix
{
    const int FramingLength = 5;

    /// <summary>The bytes before the JSON.</summary>
    internal static int Length(ReadOnlySpan<byte> value)
    {
        var length = value.Length > FramingLength && value[0] == 0 ? FramingLength : 0;
        return value[length..].StartsWith("\uFEFF"u8) ? length + 3 : length;
    }

    /// <summary>The JSON without those bytes.</summary>
    internal static ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> value) =>
        value.Length > 0 && value[0] is 0 or 0xEF ? value[Length(value)..] : value;
}
