using System.Runtime.CompilerServices;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// The slots of the hashes that begin with the same <see cref="Depth"/> bits, in ascending order of hash with gaps between them: a hash's
/// home is its share of the capacity, and each slot stands at its home or as little after it as order allows. So a look-up ends at the
/// first greater hash, and a segment may be more than three quarters full. A slot is hash * 2^32 + number + 1; 0 is an empty one.
/// </summary>
sealed class IndexSegment
{
    internal const int CapacityMin = 64;

    // Room for what is pushed beyond the last home, at first. The very last slot stays empty: it ends every run.
    const int Overflow = 48;

    int _capacity;

    internal IndexSegment(int depth, int capacity)
    {
        Depth = depth;
        _capacity = capacity;
        Slots = new ulong[capacity + Overflow];
    }

    internal ulong[] Slots { get; private set; }

    /// <summary>How many first bits all hashes here have in common; they say nothing and are left out of the home.</summary>
    internal int Depth { get; }

    internal int Count { get; private set; }

    internal bool IsFull => Count >= _capacity - (_capacity / 8);

    /// <summary>Where there was no room for a slot: whether hashes that do not spread are to blame, so that a larger capacity would not help.</summary>
    internal bool IsCrowded => Count < _capacity / 8 * 5;

    internal bool IsSparse => _capacity > CapacityMin && Count < _capacity / 2;

    internal int Capacity => _capacity;

    /// <summary>The first slot of the hash, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int First(uint hash)
    {
        var slots = Slots;
        for (var at = Home(hash); ; at++)
        {
            var slot = slots[at];
            if ((uint)(slot >> 32) == hash && slot != 0)
                return at;
            if (slot == 0 || (uint)(slot >> 32) > hash)
                return -1;
        }
    }

    /// <summary>Puts a slot in; false where there is no room for it at its place.</summary>
    internal bool TryAdd(ulong slot)
    {
        var at = Home((uint)(slot >> 32));
        while (Slots[at] != 0 && (uint)(Slots[at] >> 32) <= (uint)(slot >> 32))
            at++;
        var gap = at;
        while (Slots[gap] != 0)
            gap++;
        if (gap == Slots.Length - 1)
            return false;
        Array.Copy(Slots, at, Slots, at + 1, gap - at);
        Slots[at] = slot;
        Count++;
        return true;
    }

    internal void RemoveAt(int at)
    {
        // What was pushed beyond its home moves back by one.
        var end = at + 1;
        while (Slots[end] != 0 && Home((uint)(Slots[end] >> 32)) < end)
            end++;
        Array.Copy(Slots, at + 1, Slots, at, end - at - 1);
        Slots[end - 1] = 0;
        Count--;
    }

    /// <summary>Spreads the slots anew.</summary>
    internal void Resize(int capacity)
    {
        var old = Slots;
        _capacity = capacity;
        Slots = new ulong[capacity + Overflow];
        Count = 0;
        Append(old);
    }

    /// <summary>Makes more room beyond the last home.</summary>
    internal void Widen()
    {
        var slots = Slots;
        Array.Resize(ref slots, slots.Length + Math.Max(Overflow, slots.Length / 8));
        Slots = slots;
    }

    /// <summary>Takes in slots whose order is ascending, none of which is below what is here.</summary>
    internal void Append(ReadOnlySpan<ulong> ascending)
    {
        var next = 0;
        foreach (var slot in ascending)
        {
            if (slot == 0)
                continue;
            next = Math.Max(next, Home((uint)(slot >> 32)));
            if (next == Slots.Length - 1)
                Widen();
            Slots[next++] = slot;
            Count++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int Home(uint hash) => (int)((ulong)(hash << Depth) * (uint)_capacity >> 32);
}
