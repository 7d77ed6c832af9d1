using System.Buffers.Text;
using System.Text;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Outputs;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka;

/// <summary>Reads the headers that the join writes.</summary>
static class TopicHeaders
{
    /// <summary>
    /// The value of a header, or null where there is none. (The last one: the join's own stand behind those of the
    /// record.)
    /// </summary>
    internal static byte[]? Find(ReadOnlySpan<byte> headers, string name)
    {
        byte[]? found = null;
        var utf8 = Encoding.UTF8.GetBytes(name);
        var reader = HeaderEncoding.Read(headers);
        while (reader.MoveNext())
        {
            if (reader.Name.SequenceEqual(utf8))
                found = reader.ValueIsNull ? null : reader.Value.ToArray();
        }

        return found;
    }

    /// <summary>
    /// The source record that a late record or dead letter is a copy of, or null where the headers do not say.
    /// </summary>
    internal static SourceRecord? Source(ReadOnlySpan<byte> headers)
    {
        var side = Find(headers, OutputHeaders.Side);
        if (side is null || !TryNumber(Find(headers, OutputHeaders.SourcePartition), out var partition)
            || !TryNumber(Find(headers, OutputHeaders.SourceOffset), out var offset))
            return null;
        return new SourceRecord(side.AsSpan().SequenceEqual("left"u8) ? Side.Left : Side.Right, (int)partition, offset);
    }

    static bool TryNumber(byte[]? text, out long number)
    {
        number = 0;
        return text is not null && Utf8Parser.TryParse(text, out number, out var consumed) && consumed == text.Length;
    }
}

/// <summary>Names a source record: its side, partition and offset.</summary>
readonly record struct SourceRecord(Side Side, int Partition, long Offset);

/// <summary>
/// Brings a consumer's headers into the form of <see cref="HeaderEncoding"/>, in one buffer that is used again.
/// </summary>
sealed class HeaderBytes
{
    byte[] _buffer = new byte[1024];

    /// <returns>Valid until the next call; empty where there are none.</returns>
    internal ReadOnlySpan<byte> Of(Headers? headers)
    {
        if (headers is null || headers.Count == 0)
            return default;
        var needed = 10 + headers.Sum(
            h => HeaderEncoding.SizeMax(Encoding.UTF8.GetMaxByteCount(h.Key.Length), h.GetValueBytes()?.Length ?? 0));
        if (_buffer.Length < needed)
            _buffer = new byte[needed * 2];
        var p = HeaderEncoding.WriteCount(_buffer, headers.Count);
        foreach (var header in headers)
        {
            var value = header.GetValueBytes();
            p += HeaderEncoding.Append(_buffer.AsSpan(p), Encoding.UTF8.GetBytes(header.Key), value, value is null);
        }

        return _buffer.AsSpan(0, p);
    }
}
