using System.IO.Hashing;

namespace AkkaJoin.Shards.Batches;

/// <summary>
/// The hash of a key: XXH3, 64 bits, seed 0. Its upper half chooses the key group; its lower half stands in the record.
/// It is part of every journaled definition and never changes (golden values in GoldenTests).
/// </summary>
static class KeyHash
{
    /// <summary>The name that the journaled definition carries.</summary>
    internal const string Name = "xxh3-64";

    internal static ulong Of(ReadOnlySpan<byte> key) => XxHash3.HashToUInt64(key);

    internal static int Group(ulong hash, int groups) => (int)(((hash >> 32) * (ulong)groups) >> 32);
}
