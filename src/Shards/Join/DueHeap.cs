namespace AkkaJoin.Shards.Join;

/// <summary>
/// The entries whose row comes out by time, lowest first in the store's order: those of the buckets that the watermark has reached.
/// Entries above <see cref="ReachedTo"/> wait in their buckets, so that a record costs nothing here before its time is near.
/// </summary>
sealed class DueHeap(IComparer<int> order)
{
    int[] _items = new int[64];

    /// <summary>Entries with lower times are in the heap, all others are not.</summary>
    internal long ReachedTo { get; set; } = long.MinValue;

    internal int Count { get; private set; }

    internal int Lowest => _items[0];

    internal void Push(int entry)
    {
        if (Count == _items.Length)
            Array.Resize(ref _items, Count * 2);
        var at = Count++;
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (order.Compare(_items[parent], entry) <= 0)
                break;
            _items[at] = _items[parent];
            at = parent;
        }

        _items[at] = entry;
    }

    internal int Pop()
    {
        var lowest = _items[0];
        var moved = _items[--Count];
        var at = 0;
        while (true)
        {
            var child = (2 * at) + 1;
            if (child >= Count)
                break;
            if (child + 1 < Count && order.Compare(_items[child + 1], _items[child]) < 0)
                child++;
            if (order.Compare(moved, _items[child]) <= 0)
                break;
            _items[at] = _items[child];
            at = child;
        }

        _items[at] = moved;
        if (Count == 0 && _items.Length > 4096)
            _items = new int[64];
        return lowest;
    }
}
