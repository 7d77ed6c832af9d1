using System.Buffers.Binary;
using System.Numerics;
using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Shards.Tests.Join;

/// <summary>Keys of eight bytes that have a given <see cref="KeyHash"/>: XXH3 takes so many by steps each of which can be undone. Anybody can do that.</summary>
static class ForgedHashes
{
    const int Length = 8;
    const ulong Multiplier = 0x9FB21C651E98DF25;

    // What the hash mixes into every key.
    static readonly ulong Mask = Undo(KeyHash.Of(new byte[Length]));

    internal static byte[] KeyOf(ulong hash)
    {
        var halves = Undo(hash) ^ Mask;
        var key = new byte[Length];
        BinaryPrimitives.WriteUInt32LittleEndian(key, (uint)(halves >> 32));
        BinaryPrimitives.WriteUInt32LittleEndian(key.AsSpan(4), (uint)halves);
        return key;
    }

    static ulong Undo(ulong hash)
    {
        var inverse = Inverse(Multiplier);
        hash ^= (hash >> 28) ^ (hash >> 56);
        hash *= inverse;
        hash ^= (hash >> 35) + Length;
        hash *= inverse;

        // Its 64th power is the identity.
        for (var i = 0; i < 63; i++)
            hash ^= BitOperations.RotateLeft(hash, 49) ^ BitOperations.RotateLeft(hash, 24);
        return hash;
    }

    static ulong Inverse(ulong odd)
    {
        var inverse = odd;
        for (var i = 0; i < 6; i++)
            inverse *= 2 - (odd * inverse);
        return inverse;
    }
}
