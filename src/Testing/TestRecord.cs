using System.Text;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Testing;

/// <summary>
/// A Kafka record as a test makes it, with the defaults of one that a producer sent without a key.
/// <code>
/// var record = TestRecord.Of("m1,1573553730000,i7") with { Key = TestRecord.Utf8("m1") };
/// </code>
/// </summary>
public sealed record TestRecord
{
    /// <summary>The record's key; null = it has none.</summary>
    public ReadOnlyMemory<byte>? Key { get; init; }

    /// <summary>The value; null = a null value (a tombstone).</summary>
    public ReadOnlyMemory<byte>? Value { get; init; }

    /// <summary>The headers, in their order; a name may come twice, and a value may be null.</summary>
    public IReadOnlyList<KeyValuePair<string, byte[]?>> Headers { get; init; } = [];

    /// <summary>The Kafka timestamp, ms since the epoch; -1 = the record has none.</summary>
    public long TimestampMs { get; init; } = -1;

    /// <summary>The partition that it comes from, 0 or more.</summary>
    public int Partition { get; init; }

    /// <summary>Its offset, 0 or more.</summary>
    public long Offset { get; init; }

    /// <summary>A record with this text as its value, and perhaps one as its key.</summary>
    public static TestRecord Of(string value, string? key = null) => new()
    {
        Value = Utf8(value),
        Key = key is null ? default(ReadOnlyMemory<byte>?) : Utf8(key),
    };

    /// <summary>The UTF-8 bytes of a text.</summary>
    public static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);

    internal byte[] EncodedHeaders()
    {
        if (Headers.Count == 0)
            return [];
        var sizes = Headers.Select(header => HeaderEncoding.SizeMax(Encoding.UTF8.GetByteCount(header.Key), header.Value?.Length ?? 0));
        var bytes = new byte[sizes.Sum() + Varint.LengthMax];
        var length = HeaderEncoding.WriteCount(bytes, Headers.Count);
        foreach (var (name, value) in Headers)
            length += HeaderEncoding.Append(bytes.AsSpan(length), Encoding.UTF8.GetBytes(name), value, value is null);
        return bytes[..length];
    }

    internal ConsumedRecord Consumed(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ReadOnlySpan<byte> headers) => new()
    {
        Key = key,
        KeyIsNull = Key is null,
        Value = value,
        ValueIsNull = Value is null,
        Headers = headers,
        TimestampMs = TimestampMs,
    };
}
