namespace AkkaJoin.Shards.Join;

/// <summary>
/// The records of one side as they were at one moment. To make it takes a few nanoseconds a record; they are brought into their order later, on
/// another thread.
/// </summary>
sealed class SideCapture : IDisposable
{
    readonly LogCapture _log;
    readonly CapturedEntry[] _entries;

    internal SideCapture(SideStore store)
    {
        _entries = GC.AllocateUninitializedArray<CapturedEntry>(store.Count);
        var count = 0;
        foreach (ref var bucket in store.Buckets.All())
        {
            for (var entry = bucket.Last; entry != EntryTable.None; entry = store.Previous(entry))
            {
                ref var content = ref store[entry];
                _entries[count++] = new CapturedEntry(content.Slab, content.Position, content.Flags);
            }
        }

        _log = store.Log.Capture();
    }

    /// <summary>Records.</summary>
    internal int Count => _entries.Length;

    public void Dispose() => _log.Dispose();

    /// <summary>The records in the order in which they came.</summary>
    internal IEnumerable<CapturedRecord> InOrder()
    {
        var (places, ends) = Sorted();
        var first = 0;
        for (var i = 0; i < ends.Length; i++)
        {
            for (; first < ends[i]; first++)
            {
                var position = (int)(places[first] >> 8);
                yield return new CapturedRecord(_log.Slabs[i].Memory!, _log.Slabs[i].HeaderOf(position), position, (EntryFlags)(byte)places[first]);
            }
        }
    }

    // Position * 256 + flags of every record, slab by slab in order, in order of position; and where each slab's end.
    (long[] Places, int[] Ends) Sorted()
    {
        var numbers = _log.Numbers;
        var counts = new int[Highest(numbers) + 1];
        foreach (var entry in _entries)
            counts[entry.Slab]++;
        var next = new int[counts.Length];
        var ends = new int[numbers.Length];
        var total = 0;
        for (var i = 0; i < numbers.Length; i++)
        {
            next[numbers[i]] = total;
            total += counts[numbers[i]];
            ends[i] = total;
        }

        var places = new long[total];
        foreach (var entry in _entries)
            places[next[entry.Slab]++] = ((long)entry.Position << 8) | (byte)entry.Flags;
        var first = 0;
        foreach (var end in ends)
        {
            places.AsSpan(first..end).Sort();
            first = end;
        }

        return (places, ends);
    }

    static int Highest(ReadOnlySpan<int> numbers)
    {
        var highest = -1;
        foreach (var number in numbers)
            highest = Math.Max(highest, number);
        return highest;
    }
}
