namespace AkkaJoin.Shards.Join;

/// <summary>
/// The entries whose row comes out by time, lowest first in the store's order: those of the buckets that the watermark has reached.
/// Entries above <see cref="ReachedTo"/> wait in their buckets, so that a record costs nothing here before its time is near.
/// </summary>
/// <param name="ties">The order of entries of one time.</param>
sealed class DueHeap(IComparer<int> ties)
{
    // Times stand beside the entries: looking them up would miss the cache at each comparison.
    (long Time, int Entry)[] _items = new (long, int)[64];

    /// <summary>Entries with lower times are in the heap, all others are not.</summary>
    internal long ReachedTo { get; set; } = long.MinValue;

    internal int Count { get; private set; }

    internal int Lowest => _items[0].Entry;

    internal long LowestTime => _items[0].Time;

    internal void Push(long time, int entry)
    {
        if (Count == _items.Length)
            Array.Resize(ref _items, Count * 2);
        var pushed = (time, entry);
        var at = Count++;
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (!IsBefore(pushed, _items[parent]))
                break;
            _items[at] = _items[parent];
            at = parent;
        }

        _items[at] = pushed;
    }

    internal int Pop()
    {
        var lowest = _items[0].Entry;
        var moved = _items[--Count];
        var at = 0;
        while (true)
        {
            var child = (2 * at) + 1;
            if (child >= Count)
                break;
            if (child + 1 < Count && IsBefore(_items[child + 1], _items[child]))
                child++;
            if (!IsBefore(_items[child], moved))
                break;
            _items[at] = _items[child];
            at = child;
        }

        _items[at] = moved;
        if (Count == 0 && _items.Length > 4096)
            _items = new (long, int)[64];
        return lowest;
    }

    bool IsBefore((long Time, int Entry) a, (long Time, int Entry) b) => a.Time != b.Time ? a.Time < b.Time : ties.Compare(a.Entry, b.Entry) < 0;
}
