using AkkaJoin.Shards.KeyGroups;

namespace AkkaJoin.Pipeline.Memory;

/// <summary>What one join holds on this node. Its key groups and its engine say so, each as it was a moment ago.</summary>
/// <param name="name">The join's name.</param>
/// <param name="groups">Its key groups.</param>
/// <param name="producerBytes">What its producer may hold.</param>
sealed class JoinMemory(string name, KeyGroupSetup groups, long producerBytes)
{
    long _inFlight;

    internal string Name => name;

    /// <summary>Bytes between the source and the key groups.</summary>
    internal long InFlight
    {
        get => Volatile.Read(ref _inFlight);
        set => Volatile.Write(ref _inFlight, value);
    }

    /// <summary>Bytes of records held.</summary>
    internal long SlabBytes => Sum(groups.SlabBytes);

    /// <summary>Bytes of all else.</summary>
    internal long BesideSlabs => Sum(groups.Bytes) + InFlight + producerBytes;

    /// <summary>The key groups that hold most, with their bytes.</summary>
    internal IEnumerable<(int Group, long Bytes)> Largest(int count) =>
        Enumerable.Range(0, groups.Bytes.Length)
            .Select(group => (group, Volatile.Read(ref groups.Bytes[group]) + Volatile.Read(ref groups.SlabBytes[group])))
            .OrderByDescending(entry => entry.Item2)
            .Take(count);

    static long Sum(long[] bytes)
    {
        var sum = 0L;
        for (var i = 0; i < bytes.Length; i++)
            sum += Volatile.Read(ref bytes[i]);
        return sum;
    }
}
