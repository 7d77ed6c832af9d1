using System.Runtime.InteropServices;
using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Pipeline.Kafka.Native;

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
