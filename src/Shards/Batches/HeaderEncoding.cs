using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Shards.Batches;

/// <summary>
/// Kafka headers in one run of bytes: varint count, then per header varint length and UTF-8 name, varint (length + 1, 0
/// = null) and value.
/// </summary>
public static class HeaderEncoding
{
    /// <summary>The bytes that <see cref="Append"/> may take for one header.</summary>
    internal static int SizeMax(int nameBytes, int valueBytes) => nameBytes + valueBytes + 2 * Varint.LengthMax;

    /// <summary>Writes the count that stands before the headers.</summary>
    /// <returns>The bytes written.</returns>
    internal static int WriteCount(Span<byte> target, int count) => Varint.Write(target, (ulong)count);

    /// <summary>Writes one header.</summary>
    /// <returns>The bytes written.</returns>
    internal static int Append(Span<byte> target, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool valueIsNull)
    {
        var p = Varint.Write(target, (ulong)name.Length);
        name.CopyTo(target[p..]);
        p += name.Length;
        p += Varint.Write(target[p..], valueIsNull ? 0 : (ulong)value.Length + 1);
        if (valueIsNull)
            return p;
        value.CopyTo(target[p..]);
        return p + value.Length;
    }

    /// <summary>Reads all of them.</summary>
    /// <exception cref="MalformedBatchException">The bytes are no headers.</exception>
    internal static void Check(ReadOnlySpan<byte> headers)
    {
        var reader = Read(headers);
        while (reader.MoveNext())
        {
        }
    }

    /// <summary>Reads the headers one after the other.</summary>
    public static HeaderReader Read(ReadOnlySpan<byte> headers) => new(headers);
}
