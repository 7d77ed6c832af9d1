using AkkaJoin.Shards.Definition;

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
}
