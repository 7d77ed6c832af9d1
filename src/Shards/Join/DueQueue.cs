using System.Diagnostics;
using AkkaJoin.Shards.Checks;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// The entries of a side whose rows come out by time, lowest time first, and of one time in the store's order. Only
/// those whose time is near are in a heap; the others stay in their time buckets, so a record costs nothing here before
/// its time is near.
/// <para>
/// Invariants. The entries below <see cref="_reachedTo"/> that have a row to come are in the heap, and none above it.
/// An entry whose row is out of the question meanwhile, since it found a partner for example, may be in the heap still;
/// it is dropped when it comes to the top.
/// </para>
/// </summary>
/// <param name="store">The side's entries.</param>
/// <param name="noRowToCome">An entry with one of these flags has no row to come.</param>
sealed class DueQueue(SideStore store, EntryFlags noRowToCome)
{
    readonly DueHeap _heap = new(store);
    long _reachedTo = long.MinValue;

    /// <summary>
    /// Adds a new entry of the store. It is in a time bucket already; that is enough while its time is not near.
    /// </summary>
    internal void Add(int entry, long time, EntryFlags flags)
    {
        if (time < _reachedTo && (flags & noRowToCome) == 0)
            _heap.Push(time, entry);
    }

    /// <summary>
    /// Removes the next entry that has a row to come and whose time is below <paramref name="closedBefore"/>.
    /// </summary>
    internal bool TryDequeue(long closedBefore, out int entry)
    {
        Reach(closedBefore);
        while (_heap.Count > 0 && _heap.LowestTime < closedBefore)
        {
            entry = _heap.Pop();
            if (HasRowToCome(entry))
                return true;
        }

        entry = EntryTable.None;
        return false;
    }

    /// <summary>Whether <see cref="TryDequeue"/> would find an entry. May say yes where it would not.</summary>
    internal bool MayHave(long closedBefore)
    {
        while (_heap.Count > 0 && !HasRowToCome(_heap.Lowest))
            _heap.Pop();
        if (_heap.Count > 0 && _heap.LowestTime < closedBefore)
            return true;
        foreach (ref var bucket in store.Buckets.From(_reachedTo))
        {
            if (bucket.MaxTime >= _reachedTo)
                return bucket.MinTime < closedBefore;
        }

        return false;
    }

    /// <summary>
    /// Of the entries that have a row to come and lie below <paramref name="closedBefore"/>: the time of the last one,
    /// if only so many came out, lowest time first. Null = there are no more than so many.
    /// </summary>
    internal long? TimeOfLast(int count, long closedBefore)
    {
        // The lowest that were found, the highest of them in front: a wake of a million rows asks a hundred times.
        var (lowest, found) = (new PriorityQueue<long, long>(), 0);
        foreach (var (time, entry) in _heap.Items)
        {
            if (time < closedBefore && HasRowToCome(entry))
                Add(time);
        }

        // The buckets that are not reached yet have later times.
        foreach (ref var bucket in store.Buckets.From(_reachedTo))
        {
            if (found > count || bucket.MinTime >= closedBefore)
                break;
            for (var entry = bucket.Last; entry != EntryTable.None; entry = store.Previous(entry))
            {
                var time = store[entry].Time;
                if (time >= _reachedTo && time < closedBefore && HasRowToCome(entry))
                    Add(time);
            }
        }

        return found > count ? lowest.Peek() : null;

        void Add(long time)
        {
            if (++found <= count)
                lowest.Enqueue(time, -time);
            else
                lowest.EnqueueDequeue(time, -time);
        }
    }

    /// <summary>Checks the invariants.</summary>
    [Conditional("CHECKED")]
    internal void Check()
    {
        _heap.Check();
        var inHeap = _heap.Items.ToArray().ToHashSet();
        Invariant.Holds(inHeap.Count == _heap.Count, "an entry is in the due heap once");
        foreach (var entry in store.Entries())
        {
            var isInHeap = inHeap.Remove((store[entry].Time, entry));
            Invariant.Holds(!isInHeap || store[entry].Time < _reachedTo, "no entry above what the due queue has reached is in the heap");
            Invariant.Holds(
                isInHeap || store[entry].Time >= _reachedTo || !HasRowToCome(entry),
                "every entry that the due queue has reached and that has a row to come is in the heap");
        }

        Invariant.Holds(inHeap.Count == 0, "what is in the due heap is in the store");
    }

    // Puts into the heap what lies in the buckets that the threshold has reached.
    void Reach(long closedBefore)
    {
        var reached = _reachedTo;
        if (closedBefore <= reached)
            return;
        foreach (ref var bucket in store.Buckets.From(reached))
        {
            if (bucket.MinTime >= closedBefore)
                break;
            if (bucket.MaxTime < reached)
                continue;
            reached = Math.Max(reached, store.Buckets.EndOf(bucket));
            for (var entry = bucket.Last; entry != EntryTable.None; entry = store.Previous(entry))
            {
                if (store[entry].Time >= _reachedTo && HasRowToCome(entry))
                    _heap.Push(store[entry].Time, entry);
            }
        }

        _reachedTo = Math.Max(reached, closedBefore);
    }

    bool HasRowToCome(int entry) => (store[entry].Flags & noRowToCome) == 0;
}

/// <summary>A binary heap of entries, lowest time first.</summary>
/// <param name="ties">The order of entries of one time.</param>
sealed class DueHeap(IComparer<int> ties)
{
    // An empty heap that was larger gives its memory back.
    const int CapacityMin = 64, KeptCapacity = 4096;

    // Times stand beside the entries: looking them up would miss the cache at each comparison.
    (long Time, int Entry)[] _items = new (long, int)[CapacityMin];

    internal int Count { get; private set; }

    internal int Lowest => _items[0].Entry;

    internal long LowestTime => _items[0].Time;

    /// <summary>All entries, in the order of the heap.</summary>
    internal ReadOnlySpan<(long Time, int Entry)> Items => _items.AsSpan(0, Count);

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
        if (Count == 0 && _items.Length > KeptCapacity)
            _items = new (long, int)[CapacityMin];
        return lowest;
    }

    /// <summary>Checks the order of the heap.</summary>
    [Conditional("CHECKED")]
    internal void Check()
    {
        for (var at = 1; at < Count; at++)
            Invariant.Holds(!IsBefore(_items[at], _items[(at - 1) / 2]), "no entry of the due heap is before its parent");
    }

    bool IsBefore((long Time, int Entry) a, (long Time, int Entry) b) =>
        a.Time != b.Time ? a.Time < b.Time : ties.Compare(a.Entry, b.Entry) < 0;
}
