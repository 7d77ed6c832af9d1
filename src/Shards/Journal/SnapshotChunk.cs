namespace AkkaJoin.Shards.Journal;

/// <summary>What the manifest says of a chunk.</summary>
/// <param name="Length">Its bytes.</param>
/// <param name="Crc">Their CRC-32.</param>
readonly record struct SnapshotChunk(int Length, uint Crc)
{
    internal static SnapshotChunk Of(ReadOnlySpan<byte> bytes) => new(bytes.Length, System.IO.Hashing.Crc32.HashToUInt32(bytes));
}
