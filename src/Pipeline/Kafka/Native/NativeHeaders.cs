using System.Runtime.InteropServices;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Pipeline.Kafka.Native;

/// <summary>
/// The headers of a message that is to be produced. They belong to whoever made them until the producer has taken the
/// message.
/// </summary>
readonly unsafe struct NativeHeaders
{
    NativeHeaders(nint list) => List = list;

    /// <summary>rd_kafka_headers_t.</summary>
    internal nint List { get; }

    /// <param name="capacity">How many are expected.</param>
    internal static NativeHeaders Create(int capacity) => new(RdKafka.rd_kafka_headers_new((nuint)capacity));

    internal void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool valueIsNull = false)
    {
        byte nothing = 0; // librdkafka takes a null pointer for a null value, and an empty span may be one
        fixed (byte* n = name, v = value)
            _ = RdKafka.rd_kafka_header_add(List, n, name.Length, valueIsNull ? null : v == null ? &nothing : v, value.Length);
    }

    /// <summary>Adds headers that are in the form of <see cref="HeaderEncoding"/>.</summary>
    internal void AddAll(ReadOnlySpan<byte> encoded)
    {
        var reader = HeaderEncoding.Read(encoded);
        while (reader.MoveNext())
            Add(reader.Name, reader.Value, reader.ValueIsNull);
    }

    internal void Destroy() => RdKafka.rd_kafka_headers_destroy(List);
}

/// <summary>Copies a message's headers into the form of <see cref="HeaderEncoding"/>.</summary>
static unsafe class HeaderCopy
{
    /// <returns>The most bytes that <see cref="Write"/> takes; 0 where there are no headers.</returns>
    internal static int SizeMax(nint headers, out int count)
    {
        var size = Varint.LengthMax;
        count = 0;
        while (Get(headers, count, out var name, out var value, out _))
        {
            size += HeaderEncoding.SizeMax(name.Length, value.Length);
            count++;
        }

        return count == 0 ? 0 : size;
    }

    /// <returns>The bytes written.</returns>
    internal static int Write(nint headers, int count, Span<byte> target)
    {
        var p = HeaderEncoding.WriteCount(target, count);
        for (var i = 0; i < count; i++)
        {
            Get(headers, i, out var name, out var value, out var isNull);
            p += HeaderEncoding.Append(target[p..], name, value, isNull);
        }

        return p;
    }

    static bool Get(nint headers, int index, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value, out bool isNull)
    {
        byte* n;
        byte* v;
        nuint length;
        name = default;
        value = default;
        isNull = true;
        if (RdKafka.rd_kafka_header_get_all(headers, (nuint)index, &n, &v, &length) != 0)
            return false;
        name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(n);
        isNull = v == null;
        value = isNull ? default : new ReadOnlySpan<byte>(v, checked((int)length));
        return true;
    }
}
