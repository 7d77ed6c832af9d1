using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Shards.Outputs;

/// <summary>
/// Offsets of the output topics, taken at one moment, below which nothing can be that was handed to a producer later:
/// none is above the end of its partition's log at that moment. An older one is as true as a newer one, and only costs
/// more reading. A partition that is not in it counts as 0. Never changed: many events share one.
/// </summary>
/// <param name="Topics">A hash of the topics' names: offsets of other topics say nothing.</param>
/// <param name="Rows">By partition of the topic of the rows.</param>
/// <param name="Late">By partition of the topic of late records.</param>
sealed record OutputPositions(uint Topics, long[] Rows, long[] Late);

/// <summary>
/// <see cref="OutputPositions"/> in events and snapshots:
/// <code>varint hash of the topics, varint partitions of the rows, a varint each, varint partitions of late records, a varint each</code>
/// </summary>
static class OutputPositionsCodec
{
    internal static void Write(ByteWriter writer, OutputPositions positions)
    {
        writer.Number(positions.Topics);
        Write(writer, positions.Rows);
        Write(writer, positions.Late);
    }

    internal static OutputPositions Read(ref ByteReader reader)
    {
        var topics = reader.Number();
        if (topics > uint.MaxValue)
            throw new MalformedBatchException($"the hash {topics} of output topics");
        return new OutputPositions((uint)topics, ReadOffsets(ref reader), ReadOffsets(ref reader));
    }

    static void Write(ByteWriter writer, long[] offsets)
    {
        writer.Number(offsets.Length);
        foreach (var offset in offsets)
            writer.Number(offset);
    }

    static long[] ReadOffsets(ref ByteReader reader)
    {
        var offsets = new long[reader.Count()];
        for (var i = 0; i < offsets.Length; i++)
            offsets[i] = reader.Number();
        return offsets;
    }
}
