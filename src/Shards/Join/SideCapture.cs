using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// The records of one side as they were at one moment. To make it takes a few nanoseconds a record; they are brought
/// into their order later, on another thread.
/// </summary>
sealed class SideCapture : IDisposable
{
    readonly LogCapture _log;
    readonly CapturedEntry[] _entries;
    readonly List<(int Slab, int Position, RowId Row)> _rows = [];

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
                if ((content.Flags & EntryFlags.RowKept) != 0)
                    _rows.Add((content.Slab, content.Position, store.Rows[entry]));
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
        var rows = _rows.ToDictionary(r => (r.Slab, r.Position), r => r.Row);
        var first = 0;
        for (var i = 0; i < ends.Length; i++)
        {
            for (; first < ends[i]; first++)
            {
                var position = (int)(places[first] >> 8);
                var flags = (EntryFlags)(byte)places[first];
                var row = (flags & EntryFlags.RowKept) != 0 ? rows[(_log.Numbers[i], position)] : default;
                yield return new CapturedRecord(_log.Slabs[i].Memory!, _log.Slabs[i].HeaderOf(position), position, flags, row);
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

/// <summary>A record of a <see cref="SideCapture"/>.</summary>
/// <param name="Slab">What it lies in.</param>
/// <param name="HeaderPosition">Where the head of its batch stands.</param>
/// <param name="Position">Where it stands.</param>
/// <param name="Flags">What it had been through.</param>
/// <param name="Row">The row in which it stood, where the flags say that this is kept.</param>
readonly record struct CapturedRecord(Slab Slab, int HeaderPosition, int Position, EntryFlags Flags, RowId Row);

/// <summary>
/// What a snapshot says of a <see cref="JoinEntry"/>: where its record lies, by the log's number of the slab, and what
/// it has been through.
/// </summary>
readonly record struct CapturedEntry(int Slab, int Position, EntryFlags Flags);

/// <summary>
/// A <see cref="RecordLog"/> as it was at one moment. The used part of a slab never changes. So the capture keeps a
/// reference to each slab, and copies nothing.
/// </summary>
/// <param name="pool">Where the memory goes when it is not read any more.</param>
/// <param name="slabs">The slabs in order, each held.</param>
/// <param name="numbers">The number of each in the log.</param>
sealed class LogCapture(SlabPool pool, LogSlab[] slabs, int[] numbers) : IDisposable
{
    bool _isReleased;

    /// <summary>The slabs in order.</summary>
    internal ReadOnlySpan<LogSlab> Slabs => slabs;

    /// <summary>The number of each in the log.</summary>
    internal ReadOnlySpan<int> Numbers => numbers;

    public void Dispose()
    {
        if (_isReleased)
            return;
        _isReleased = true;
        foreach (var slab in slabs)
            pool.Return(slab.Memory!);
    }
}
