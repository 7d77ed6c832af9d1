using System.Globalization;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// The hash of a key or an id by which the indexes in memory find it. It is not the one that stands in the record (<see
/// cref="Batches.KeyHash"/>): that is the same everywhere, so whoever writes records could choose thousands of keys
/// that agree in it. This one takes a seed that the process draws at its start and keeps to itself. Nothing that is
/// stored or sent depends on it, nor does any row or order.
/// </summary>
static class IndexHash
{
    /// <summary>The property of a runtimeconfig.json that fixes the seed, so that a test runs twice alike.</summary>
    internal const string SeedProperty = "AkkaJoin.IndexSeed";

    /// <summary>The seed of this process.</summary>
    internal static readonly long Seed = AppContext.GetData(SeedProperty) is string text
        ? long.Parse(text, CultureInfo.InvariantCulture)
        : BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Of(ReadOnlySpan<byte> bytes) => (uint)(XxHash3.HashToUInt64(bytes, Seed) >> 32);

    /// <summary>Of an id of a key with this hash.</summary>
    internal static uint OfId(uint keyHash, ReadOnlySpan<byte> id) => Of(id) ^ (keyHash * 0x9E3779B1);
}
