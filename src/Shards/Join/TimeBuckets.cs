using System.Diagnostics;
using System.Runtime.CompilerServices;
using AkkaJoin.Shards.Checks;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// Entries by event time, in buckets of one width, so that expiry takes whole buckets and looks at nothing else. Mostly
/// buckets are few (the window and its slack are some sixty of them), but a side that is silent for hours leaves a
/// hundred thousand of a small window. So they lie in blocks, ascending: no step moves more than a block, and none
/// looks at a bucket that does not concern it.
/// <para>
/// Invariants. Buckets ascend by number; each has entries, with times of its number from its lowest to its highest. No
/// block is empty but the only one of an empty store, and before <see cref="_first"/> there is none. Every bucket that
/// is not closed is among those that <see cref="LowestOpen"/> looks through.
/// </para>
/// </summary>
sealed class TimeBuckets(long widthMs)
{
    const long WidthMinMs = 100;

    readonly List<BucketBlock?> _blocks = [new()];
    int _first;

    // The bucket that the last entry came into.
    int _lastBlock;
    int _lastIndex;

    // The numbers of buckets that are not closed, each at least once; those of others may be there too. Null until
    // somebody asks.
    PriorityQueue<long, long>? _open;

    /// <summary>Buckets with entries.</summary>
    internal int Count { get; private set; }

    /// <summary>The bucket with the lowest times; there is one.</summary>
    internal ref Bucket First => ref _blocks[_first]![0];

    /// <summary>
    /// The width that suits a window: a sixty-fourth, so that at most some two percent of the buffered records are
    /// overdue. A small window has wider ones, since late records are buffered beside it: a bucket for each record
    /// would cost more memory than it frees early.
    /// </summary>
    internal static long WidthFor(long windowMs) => Math.Max(WidthMinMs, windowMs / 64);

    /// <summary>A new entry of a time.</summary>
    internal int Allocate(EntryTable entries, long time)
    {
        ref var bucket = ref BucketOf(NumberOf(time));
        bucket.Last = entries.Allocate(bucket.Last);
        bucket.MinTime = Math.Min(bucket.MinTime, time);
        bucket.MaxTime = Math.Max(bucket.MaxTime, time);
        if (bucket.Closed)
        {
            bucket.Closed = false;
            _open?.Enqueue(bucket.Number, bucket.Number);
        }

        return bucket.Last;
    }

    /// <summary>Removes the bucket with the lowest times, and its entries.</summary>
    internal void RemoveFirst(EntryTable entries)
    {
        entries.Free(First.Last);
        Count--;
        _blocks[_first]!.RemoveFirst();
        if (_blocks[_first]!.Count == 0 && Count > 0)
            _blocks[_first++] = null;
        if (_first > BucketBlock.Max && _first > _blocks.Count / 2)
        {
            _blocks.RemoveRange(0, _first);
            _first = 0;
        }

        if (Count == 0)
            _open?.Clear();
        (_lastBlock, _lastIndex) = (_first, 0);
    }

    /// <summary>Checks the invariants.</summary>
    [Conditional("CHECKED")]
    internal void Check(EntryTable entries)
    {
        var count = 0;
        var previous = long.MinValue;
        var open = _open?.UnorderedItems.Select(item => item.Element).ToHashSet();
        foreach (ref var bucket in All())
        {
            Invariant.Holds(bucket.Number > previous, "buckets ascend by number");
            previous = bucket.Number;
            count++;
            var (lowest, highest) = (long.MaxValue, long.MinValue);
            for (var entry = bucket.Last; entry != EntryTable.None; entry = entries.Previous(entry))
                (lowest, highest) = (Math.Min(lowest, entries[entry].Time), Math.Max(highest, entries[entry].Time));
            Invariant.Holds(
                (lowest, highest) == (bucket.MinTime, bucket.MaxTime),
                "a bucket knows the lowest and the highest time of its entries");
            Invariant.Holds(
                NumberOf(lowest) == bucket.Number && NumberOf(highest) == bucket.Number,
                "an entry lies in the bucket of its time");
            Invariant.Holds(bucket.Closed || open is null || open.Contains(bucket.Number), "every open bucket is among the open ones");
        }

        Invariant.Holds(count == Count, "the count of buckets is theirs");
        for (var i = 0; i < _blocks.Count; i++)
        {
            Invariant.Holds(
                i < _first ? _blocks[i] is null : _blocks[i]!.Count > 0 || Count == 0,
                "no block of buckets is empty, and before the first is none");
        }
    }

    /// <summary>The first time after a bucket.</summary>
    internal long EndOf(in Bucket bucket) => (bucket.Number + 1) * widthMs;

    /// <summary>All buckets in order of time.</summary>
    internal BucketCursor All() => new(_blocks, _first, 0);

    /// <summary>The bucket of a time, where there is one, and those after it, in order of time.</summary>
    internal BucketCursor From(long time)
    {
        var number = NumberOf(time);
        var block = BlockOf(number);
        return new(_blocks, block, _blocks[block]!.IndexOf(number));
    }

    /// <summary>The buckets from the highest times down.</summary>
    internal BucketCursor Descending() => new(_blocks, _blocks.Count - 1, _blocks[^1]!.Count - 1, _first);

    /// <summary>The highest time of all entries; long.MinValue where there are none.</summary>
    internal long HighestTime()
    {
        foreach (ref var bucket in Descending())
            return bucket.MaxTime;
        return long.MinValue;
    }

    /// <summary>
    /// The lowest bucket that is not <see cref="Bucket.Closed"/>; a null reference where there is none. Closed buckets
    /// are not looked at, however many there are.
    /// </summary>
    internal ref Bucket LowestOpen()
    {
        if (_open is null)
        {
            _open = new();
            foreach (ref var bucket in All())
            {
                if (!bucket.Closed)
                    _open.Enqueue(bucket.Number, bucket.Number);
            }
        }

        while (_open.TryPeek(out var number, out _))
        {
            var block = _blocks[BlockOf(number)]!;
            var index = block.IndexOf(number);
            if (index < block.Count && block[index].Number == number && !block[index].Closed)
                return ref block[index];
            _open.Dequeue();
        }

        return ref Unsafe.NullRef<Bucket>();
    }

    long NumberOf(long time)
    {
        var number = Math.DivRem(time, widthMs, out var rest);
        return rest < 0 ? number - 1 : number;
    }

    ref Bucket BucketOf(long number)
    {
        var last = _blocks[_lastBlock]!;
        if (_lastIndex < last.Count && last[_lastIndex].Number == number)
            return ref last[_lastIndex];
        var at = BlockOf(number);
        var block = _blocks[at]!;
        var index = block.IndexOf(number);
        if (index == block.Count || block[index].Number != number)
        {
            if (block.Count == BucketBlock.Max)
            {
                _blocks.Insert(at + 1, block.Split());
                if (index > block.Count)
                {
                    index -= block.Count;
                    block = _blocks[++at]!;
                }
            }

            block.Insert(index, number);
            Count++;
            _open?.Enqueue(number, number);
        }

        (_lastBlock, _lastIndex) = (at, index);
        return ref block[index];
    }

    // The last block that begins at or below a number, or the first one.
    int BlockOf(long number)
    {
        var low = _first;
        var high = _blocks.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (_blocks[middle]!.FirstNumber <= number)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }
}

/// <summary>The entries of one stretch of time.</summary>
struct Bucket
{
    /// <summary>The time divided by the width, rounded down.</summary>
    internal long Number;

    /// <summary>The entry that came last; the others follow by <see cref="EntryTable.Previous"/>.</summary>
    internal int Last;

    /// <summary>The lowest and the highest event time in it.</summary>
    internal long MinTime, MaxTime;

    /// <summary>Whether all windows of its entries are closed and their fates counted.</summary>
    internal bool Closed;
}

/// <summary>Goes over buckets of <see cref="TimeBuckets"/>, in which none comes or goes meanwhile.</summary>
struct BucketCursor
{
    readonly List<BucketBlock?> _blocks;
    readonly int _step;
    readonly int _end;
    int _block;
    int _index;

    /// <summary>Upwards from a bucket.</summary>
    internal BucketCursor(List<BucketBlock?> blocks, int block, int index)
    {
        (_blocks, _block, _index) = (blocks, block, index - 1);
        (_step, _end) = (1, blocks.Count - 1);
    }

    /// <summary>Downwards from a bucket to the first block.</summary>
    internal BucketCursor(List<BucketBlock?> blocks, int block, int index, int first)
    {
        (_blocks, _block, _index) = (blocks, block, index + 1);
        (_step, _end) = (-1, first);
    }

    public readonly ref Bucket Current => ref _blocks[_block]![_index];

    public readonly BucketCursor GetEnumerator() => this;

    public bool MoveNext()
    {
        _index += _step;
        if (_index >= 0 && _index < _blocks[_block]!.Count)
            return true;
        if (_block == _end)
            return false;
        _block += _step;
        _index = _step > 0 ? 0 : _blocks[_block]!.Count - 1;
        return _blocks[_block]!.Count > 0;
    }
}

/// <summary>Some neighbouring buckets of <see cref="TimeBuckets"/>, ascending.</summary>
sealed class BucketBlock
{
    /// <summary>The most buckets of one block: to move them all costs less than a cache miss or two.</summary>
    internal const int Max = 128;

    const int CapacityMin = 8;

    Bucket[] _buckets = new Bucket[CapacityMin];
    int _from;

    internal int Count { get; private set; }

    internal long FirstNumber => _buckets[_from].Number;

    internal ref Bucket this[int index] => ref _buckets[_from + index];

    /// <summary>The index of the first bucket whose number is at least <paramref name="number"/>.</summary>
    internal int IndexOf(long number)
    {
        var low = 0;
        var high = Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (this[middle].Number < number)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>Puts an empty bucket in. The block is not full.</summary>
    internal void Insert(int index, long number)
    {
        if (_from + Count == _buckets.Length)
            MakeRoom();
        _buckets.AsSpan(_from + index, Count - index).CopyTo(_buckets.AsSpan(_from + index + 1));
        Count++;
        this[index] = new Bucket { Number = number, Last = EntryTable.None, MinTime = long.MaxValue, MaxTime = long.MinValue };
    }

    /// <summary>Removes the first bucket.</summary>
    internal void RemoveFirst()
    {
        _from++;
        Count--;
        if (Count == 0)
            _from = 0;
    }

    /// <summary>Gives the upper half to a new block.</summary>
    internal BucketBlock Split()
    {
        var upper = new BucketBlock { _buckets = new Bucket[Max], Count = Count / 2 };
        Count -= upper.Count;
        _buckets.AsSpan(_from + Count, upper.Count).CopyTo(upper._buckets);
        return upper;
    }

    // At the end there is none: either the buckets move to the front, or there are more places.
    void MakeRoom()
    {
        var source = _buckets.AsSpan(_from, Count);
        if (_from < _buckets.Length / 2)
            _buckets = new Bucket[Math.Min(_buckets.Length * 2, Max)];
        source.CopyTo(_buckets);
        _from = 0;
    }
}
