using System.Runtime.CompilerServices;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// From a 32-bit hash to an entry's number, several numbers a hash if need be: an extendible hash table (Fagin and others, 1979). A
/// directory tells by the first bits of a hash which <see cref="IndexSegment"/> it is in; a segment that is full grows by a quarter, up to a size
/// at which it is parted in two. So no growth copies more than a segment, and the slots are 0.7 to 0.875 full at any size. Hashes that do not spread
/// (equal ones above all) make long runs and large segments: time, but no more memory for each than others.
/// A slot's number is valid until the next change of the index.
/// </summary>
sealed class HashIndex
{
    const int SegmentMax = 4096;

    // The directory has no more than a place for so many entries: with spread hashes, where a segment has some 2,500, far less.
    const int EntriesOfPlace = 256;
    const int PlacesMin = 16;

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

    bool MaySplit(IndexSegment segment) => segment.Depth < _bits || _directory.Length * 2 <= Math.Max(PlacesMin, Count / EntriesOfPlace);

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
