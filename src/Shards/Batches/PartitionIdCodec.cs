using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Shards.Batches;

/// <summary>A partition's id in bytes: u8 side, varint topic index, varint partition.</summary>
static class PartitionIdCodec
{
    internal static void Write(ByteWriter writer, PartitionId id)
    {
        writer.Byte((byte)id.Side);
        writer.Number(id.Source);
        writer.Number(id.Partition);
    }

    internal static PartitionId Read(ref ByteReader reader)
    {
        var side = reader.Byte();
        if (side > (byte)Side.Right)
            throw new MalformedBatchException($"side {side}");
        return new PartitionId((Side)side, reader.Int(), reader.Int());
    }

    /// <summary>Reads how many partitions a topic has.</summary>
    internal static int ReadCount(ref ByteReader reader)
    {
        var count = reader.Int();
        return count <= BatchHeader.PartitionCountMax ? count : throw new MalformedBatchException($"a topic of {count} partitions");
    }
}
