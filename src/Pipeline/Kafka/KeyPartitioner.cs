using System.Buffers.Binary;

namespace AkkaJoin.Pipeline.Kafka;

/// <summary>
/// Which partition a record with a key goes to: murmur2, as Java's producer and librdkafka's <c>murmur2_random</c> have
/// it, which is what the output producer uses.
/// </summary>
static class KeyPartitioner
{
    const uint Seed = 0x9747b28c, M = 0x5bd1e995;
    const int R = 24;

    /// <summary>The partition of a key.</summary>
    /// <param name="key">The key; a null key has no partition of its own.</param>
    /// <param name="partitions">How many the topic has, from 1.</param>
    internal static int Of(ReadOnlySpan<byte> key, int partitions) => (int)((Hash(key) & 0x7fffffff) % (uint)partitions);

    static uint Hash(ReadOnlySpan<byte> key)
    {
        var h = Seed ^ (uint)key.Length;
        for (; key.Length >= 4; key = key[4..])
        {
            var k = BinaryPrimitives.ReadUInt32LittleEndian(key) * M;
            h = (h * M) ^ ((k ^ (k >> R)) * M);
        }

        if (key.Length >= 3)
            h ^= (uint)key[2] << 16;
        if (key.Length >= 2)
            h ^= (uint)key[1] << 8;
        if (key.Length >= 1)
            h = (h ^ key[0]) * M;
        h = (h ^ (h >> 13)) * M;
        return h ^ (h >> 15);
    }
}
