using System.Diagnostics;
using System.Runtime.CompilerServices;
using AkkaJoin.Shards.Checks;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// From a 32-bit hash to an entry's number, several numbers a hash if need be: an extendible hash table (Fagin and
/// others, 1979). A directory tells by the first bits of a hash which <see cref="IndexSegment"/> it is in; a segment
/// that is full grows by a quarter, up to a size at which it is parted in two. So no growth copies more than a segment,
/// and the slots are 0.7 to 0.875 full at any size. Hashes that do not spread (equal ones above all) make long runs and
/// large segments: time, but no more memory for each than others. A slot's number is valid until the next change of the
/// index.
/// <para>
/// Invariants. A segment's slots ascend by hash, none stands before its ideal slot, and the very last one stays empty.
/// A hash stands in the segment that the directory names for it.
/// </para>
/// </summary>
sealed class HashIndex
{
    const int SegmentMax = 4096;

    // The directory has one element for so many entries at most: with spread hashes, where a segment has some 2,500,
    // far less.
    const int EntriesOfElement = 256;
    const int ElementsMin = 16;

    IndexSegment[] _directory = [];
    int _bits;
    long _slots;

    internal HashIndex() => Reset();

    internal int Count { get; private set; }

    internal long Bytes => (_slots * sizeof(ulong)) + (_directory.Length * (long)IntPtr.Size);

    /// <summary>The first slot at which <paramref name="hash"/> stands, or -1; go on with <see cref="Next"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int First(uint hash) => Segment(hash).First(hash);

    /// <summary>The next slot with the same hash, or -1.</summary>
    internal int Next(uint hash, int slot)
    {
        var next = Segment(hash).Slots[slot + 1];
        return next != 0 && (uint)(next >> 32) == hash ? slot + 1 : -1;
    }

    internal int EntryAt(uint hash, int slot) => (int)(uint)Segment(hash).Slots[slot] - 1;

    internal void SetEntry(uint hash, int slot, int entry) => Segment(hash).Slots[slot] = Slot(hash, entry);

    internal void Add(uint hash, int entry)
    {
        while (true)
        {
            var segment = Segment(hash);
            if (!segment.IsFull && segment.TryAdd(Slot(hash, entry)))
                break;
            if (segment.IsCrowded)
                Widen(segment);
            else if (segment.Capacity < SegmentMax || !MaySplit(segment))
                Resize(segment, segment.Capacity + (segment.Capacity / 4));
            else
                Split(hash, segment);
        }

        Count++;
    }

    internal void RemoveAt(uint hash, int slot)
    {
        var segment = Segment(hash);
        segment.RemoveAt(slot);
        Count--;
        if (segment.IsSparse)
            Resize(segment, Math.Max(IndexSegment.CapacityMin, segment.Count + (segment.Count / 4)));
        if (Count == 0)
            Reset();
    }

    /// <summary>All entries, in no order; for checks.</summary>
    internal IEnumerable<int> Entries() =>
        _directory.Distinct().SelectMany(segment => segment.Slots).Where(slot => slot != 0).Select(slot => (int)(uint)slot - 1);

    /// <summary>Checks the invariants.</summary>
    [Conditional("CHECKED")]
    internal void Check()
    {
        var count = 0;
        foreach (var segment in _directory.Distinct())
        {
            segment.Check();
            count += segment.Count;
            foreach (var slot in segment.Slots.Where(slot => slot != 0))
                Invariant.Holds(Segment((uint)(slot >> 32)) == segment, "a hash stands in the segment that the directory names for it");
        }

        Invariant.Holds(count == Count, "the index's count is that of its segments");
    }

    static ulong Slot(uint hash, int entry) => ((ulong)hash << 32) | (uint)(entry + 1);

    // All keys of one group agree in what chose the group, which is not part of this hash: its first bits spread well.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    IndexSegment Segment(uint hash) => _directory[(int)(((ulong)hash << _bits) >> 32)];

    void Reset()
    {
        _directory = [new(0, IndexSegment.CapacityMin)];
        _bits = 0;
        _slots = _directory[0].Slots.Length;
    }

    bool MaySplit(IndexSegment segment) =>
        segment.Depth < _bits || _directory.Length * 2 <= Math.Max(ElementsMin, Count / EntriesOfElement);

    void Widen(IndexSegment segment)
    {
        _slots -= segment.Slots.Length;
        segment.Widen();
        _slots += segment.Slots.Length;
    }

    void Resize(IndexSegment segment, int capacity)
    {
        _slots -= segment.Slots.Length;
        segment.Resize(capacity);
        _slots += segment.Slots.Length;
    }

    void Split(uint hash, IndexSegment segment)
    {
        if (segment.Depth == _bits)
            DoubleDirectory();
        var half = 1u << (31 - segment.Depth);
        var middle = 0;
        while (middle < segment.Slots.Length && (segment.Slots[middle] == 0 || ((uint)(segment.Slots[middle] >> 32) & half) == 0))
            middle++;
        var lower = Part(segment.Slots.AsSpan(0, middle), segment.Depth + 1);
        var upper = Part(segment.Slots.AsSpan(middle), segment.Depth + 1);
        _slots += lower.Slots.Length + upper.Slots.Length - segment.Slots.Length;

        var length = 1 << (_bits - segment.Depth);
        var first = (int)(((ulong)hash << _bits) >> 32) & ~(length - 1);
        _directory.AsSpan(first, length / 2).Fill(lower);
        _directory.AsSpan(first + (length / 2), length / 2).Fill(upper);
    }

    static IndexSegment Part(ReadOnlySpan<ulong> slots, int depth)
    {
        var count = 0;
        foreach (var slot in slots)
            count += slot != 0 ? 1 : 0;
        var part = new IndexSegment(depth, Math.Max(IndexSegment.CapacityMin, count + (count / 4)));
        part.Append(slots);
        return part;
    }

    void DoubleDirectory()
    {
        var directory = new IndexSegment[_directory.Length * 2];
        for (var i = 0; i < directory.Length; i++)
            directory[i] = _directory[i / 2];
        _directory = directory;
        _bits++;
    }
}

/// <summary>
/// The slots of the hashes that begin with the same <see cref="Depth"/> bits, in ascending order of hash with gaps
/// between them: a hash's ideal slot is its share of the capacity, and each slot stands at its ideal slot or as little
/// after it as order allows. So a look-up ends at the first greater hash, and a segment may be more than three quarters
/// full. A slot is hash * 2^32 + number + 1; 0 is an empty one.
/// </summary>
sealed class IndexSegment
{
    internal const int CapacityMin = 64;

    // Room for what is pushed beyond the last ideal slot, at first. The very last slot stays empty: it ends every run.
    const int Overflow = 48;

    int _capacity;

    internal IndexSegment(int depth, int capacity)
    {
        Depth = depth;
        _capacity = capacity;
        Slots = new ulong[capacity + Overflow];
    }

    internal ulong[] Slots { get; private set; }

    /// <summary>
    /// How many first bits all hashes here have in common; they say nothing and are left out of the ideal slot.
    /// </summary>
    internal int Depth { get; }

    internal int Count { get; private set; }

    internal bool IsFull => Count >= _capacity - (_capacity / 8);

    /// <summary>
    /// Where there was no room for a slot: whether hashes that do not spread are to blame, so that a larger capacity
    /// would not help.
    /// </summary>
    internal bool IsCrowded => Count < _capacity / 8 * 5;

    internal bool IsSparse => _capacity > CapacityMin && Count < _capacity / 2;

    internal int Capacity => _capacity;

    /// <summary>The first slot of the hash, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int First(uint hash)
    {
        var slots = Slots;
        for (var at = IdealSlot(hash); ; at++)
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
        var at = IdealSlot((uint)(slot >> 32));
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
        // What was pushed beyond its ideal slot moves back by one.
        var end = at + 1;
        while (Slots[end] != 0 && IdealSlot((uint)(Slots[end] >> 32)) < end)
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

    /// <summary>Makes more room beyond the last ideal slot.</summary>
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
            next = Math.Max(next, IdealSlot((uint)(slot >> 32)));
            if (next == Slots.Length - 1)
                Widen();
            Slots[next++] = slot;
            Count++;
        }
    }

    /// <summary>Checks the invariants.</summary>
    [Conditional("CHECKED")]
    internal void Check()
    {
        var count = 0;
        var previous = 0u;
        for (var at = 0; at < Slots.Length; at++)
        {
            if (Slots[at] == 0)
                continue;
            var hash = (uint)(Slots[at] >> 32);
            count++;
            Invariant.Holds(hash >= previous, "a segment's slots ascend by hash");
            Invariant.Holds(IdealSlot(hash) <= at, "no slot stands before its ideal slot");
            previous = hash;
        }

        Invariant.Holds(count == Count, "a segment's count is that of its slots");
        Invariant.Holds(Slots[^1] == 0, "the very last slot stays empty");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int IdealSlot(uint hash) => (int)((ulong)(hash << Depth) * (uint)_capacity >> 32);
}
