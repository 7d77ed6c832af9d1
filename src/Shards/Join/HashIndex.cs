using System.Numerics;
using System.Runtime.CompilerServices;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// Open addressing from a 32-bit hash to an entry's number, several numbers a hash if need be. Linear probing; a removal shifts the
/// rest of the run back, so there are no tombstones and a table that was full once is as fast as a new one. A slot is
/// hash * 2^32 + number + 1; 0 is an empty one. At most two thirds full.
/// </summary>
sealed class HashIndex
{
    const int LengthMin = 64;
    ulong[] _slots = new ulong[LengthMin];

    internal int Count { get; private set; }

    internal long Bytes => (long)_slots.Length * sizeof(ulong);

    /// <summary>The first slot at which <paramref name="hash"/> may stand; go on with <see cref="Next"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int First(uint hash) => Find(hash, Home(hash));

    /// <summary>The next slot with the same hash, or -1.</summary>
    internal int Next(uint hash, int slot) => Find(hash, (slot + 1) & (_slots.Length - 1));

    internal int EntryAt(int slot) => (int)(uint)_slots[slot] - 1;

    internal void SetEntry(int slot, int entry) => _slots[slot] = (_slots[slot] & 0xFFFF_FFFF_0000_0000) | (uint)(entry + 1);

    internal void Add(uint hash, int entry)
    {
        if ((Count + 1) * 3L > _slots.Length * 2L)
            Resize(_slots.Length * 2);
        Insert(((ulong)hash << 32) | (uint)(entry + 1));
        Count++;
    }

    internal void RemoveAt(int slot)
    {
        var mask = _slots.Length - 1;
        var hole = slot;
        var at = slot;
        while (true)
        {
            at = (at + 1) & mask;
            if (_slots[at] == 0)
                break;

            // Whatever would no longer be found across the hole moves into it.
            var home = Home((uint)(_slots[at] >> 32));
            if (((at - home) & mask) >= ((at - hole) & mask))
            {
                _slots[hole] = _slots[at];
                hole = at;
            }
        }

        _slots[hole] = 0;
        Count--;
        if (_slots.Length > LengthMin && Count * 8L < _slots.Length)
            Resize(Math.Max(LengthMin, _slots.Length / 4));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int Find(uint hash, int slot)
    {
        var mask = _slots.Length - 1;
        while (true)
        {
            var content = _slots[slot];
            if (content == 0)
                return -1;
            if ((uint)(content >> 32) == hash)
                return slot;
            slot = (slot + 1) & mask;
        }
    }

    // All keys of one group agree in what chose the group, which is not part of this hash; its upper bits spread the table.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int Home(uint hash) => (int)(hash >> (32 - BitOperations.Log2((uint)_slots.Length)));

    void Insert(ulong content)
    {
        var mask = _slots.Length - 1;
        var slot = Home((uint)(content >> 32));
        while (_slots[slot] != 0)
            slot = (slot + 1) & mask;
        _slots[slot] = content;
    }

    void Resize(int length)
    {
        var old = _slots;
        _slots = new ulong[length];
        foreach (var content in old)
        {
            if (content != 0)
                Insert(content);
        }
    }
}
