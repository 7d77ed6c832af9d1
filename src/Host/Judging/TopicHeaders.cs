using System.Buffers.Text;
using System.Text;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Host.Judging;

/// <summary>Reads the headers that the join writes.</summary>
static class TopicHeaders
{
    /// <summary>The value of a header, or null where there is none. (The last one: the join's own stand behind those of the record.)</summary>
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

    /// <summary>The source record that a late record or dead letter is a copy of, or null where the headers do not say.</summary>
    internal static SourcePlace? Place(ReadOnlySpan<byte> headers)
    {
        var side = Find(headers, OutputHeaders.Side);
        if (side is null || !TryNumber(Find(headers, OutputHeaders.SourcePartition), out var partition)
            || !TryNumber(Find(headers, OutputHeaders.SourceOffset), out var offset))
            return null;
        return new SourcePlace(side.AsSpan().SequenceEqual("left"u8) ? Side.Left : Side.Right, (int)partition, offset);
    }

    static bool TryNumber(byte[]? text, out long number)
    {
        number = 0;
        return text is not null && Utf8Parser.TryParse(text, out number, out var consumed) && consumed == text.Length;
    }
}
