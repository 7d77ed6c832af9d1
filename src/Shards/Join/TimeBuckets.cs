using System.Runtime.CompilerServices;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// Entries by event time, in buckets of one width, so that expiry takes whole buckets and looks at nothing else. Mostly buckets are few (the
/// window and its slack are some sixty of them), but a side that is silent for hours leaves a hundred thousand of a small window. So they
/// lie in blocks, ascending: no step moves more than a block, and none looks at a bucket that does not concern it.
/// </summary>
sealed class TimeBuckets(long widthMs)
{
    const long WidthMinMs = 100;

    // Invariant: ascending from _first on, no block is empty but the last one of an empty store; places before _first are null.
    readonly List<BucketBlock?> _blocks = [new()];
    int _first;

    // The bucket that the last entry came into.
    int _lastBlock;
    int _lastIndex;

    // The numbers of buckets that are not closed, each at least once; those of others may be there too. Null until somebody asks.
    PriorityQueue<long, long>? _open;

    /// <summary>Buckets with entries.</summary>
    internal int Count { get; private set; }

    /// <summary>The bucket with the lowest times; there is one.</summary>
    internal ref Bucket First => ref _blocks[_first]![0];

    /// <summary>
    /// The width that suits a window: a sixty-fourth, so that at most some two percent of what is held is overdue. A small window
    /// has wider ones, since what is late is held beside it: a bucket for each record would cost more memory than it frees early.
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

    /// <summary>
    /// The lowest bucket that is not <see cref="Bucket.Closed"/>; a null reference where there is none. Closed buckets are not looked at, however many
    /// there are.
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
