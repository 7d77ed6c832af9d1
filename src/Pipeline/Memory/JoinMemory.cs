using AkkaJoin.Shards.KeyGroups;

namespace AkkaJoin.Pipeline.Memory;

/// <summary>
/// The memory that one join uses on this node. Its key groups and its router report it, each as it was a moment ago.
/// </summary>
/// <param name="name">The join's name.</param>
/// <param name="groups">Its key groups.</param>
/// <param name="producerBytes">The most bytes that its producer may use.</param>
sealed class JoinMemory(string name, KeyGroupSetup groups, long producerBytes)
{
    long _inFlight;
    volatile bool _isHeld, _waits, _hasEnded;

    internal string Name => name;

    /// <summary>Bytes between the source and the key groups.</summary>
    internal long InFlight
    {
        get => Volatile.Read(ref _inFlight);
        set => Volatile.Write(ref _inFlight, value);
    }

    /// <summary>
    /// Whether people pause one side of it or let its time rest. What is read meanwhile stays, so its state only grows.
    /// </summary>
    internal bool IsHeld
    {
        get => _isHeld && !HasEnded;
        set => _isHeld = value;
    }

    /// <summary>Whether it has ended: nobody holds it any more.</summary>
    internal bool HasEnded
    {
        get => _hasEnded;
        set => _hasEnded = value;
    }

    /// <summary>Whether it reads nothing, since it is held and the budget is nearly used up.</summary>
    internal bool Waits
    {
        get => _waits;
        set => _waits = value;
    }

    /// <summary>Bytes of buffered records.</summary>
    internal long SlabBytes => Sum(groups.Local.SlabBytes);

    /// <summary>All other bytes.</summary>
    internal long BesideSlabs => Sum(groups.Local.Bytes) + InFlight + producerBytes;

    /// <summary>The key groups that use most, with their bytes.</summary>
    internal IEnumerable<(int Group, long Bytes)> Largest(int count) =>
        Enumerable.Range(0, groups.Local.Bytes.Length)
            .Select(group => (group, Volatile.Read(ref groups.Local.Bytes[group]) + Volatile.Read(ref groups.Local.SlabBytes[group])))
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
