namespace AkkaJoin.Shards.Join;

/// <summary>
/// Entries by event time, in buckets of one width, so that expiry takes whole buckets and looks at nothing else. Buckets are few (the
/// window and its slack are some sixty of them), ascending in one array.
/// </summary>
sealed class TimeBuckets(long widthMs)
{
    const long WidthMinMs = 100;

    Bucket[] _buckets = new Bucket[16];
    int _last;

    /// <summary>Buckets with entries.</summary>
    internal int Count { get; private set; }

    /// <summary>The bucket at <paramref name="index"/>, in order of time.</summary>
    internal ref Bucket this[int index] => ref _buckets[index];

    /// <summary>
    /// The width that suits a window: a sixty-fourth, so that at most some two percent of what is held is overdue. A small window
    /// has wider ones, since what is late is held beside it: thousands of buckets would cost more to move than they save.
    /// </summary>
    internal static long WidthFor(long windowMs) => Math.Max(WidthMinMs, windowMs / 64);

    /// <summary>A new entry of a time.</summary>
    internal int Allocate(EntryTable entries, long time)
    {
        var index = IndexFor(time); // may make the array anew: before it is read
        ref var bucket = ref _buckets[index];
        bucket.Last = entries.Allocate(bucket.Last);
        bucket.MinTime = Math.Min(bucket.MinTime, time);
        bucket.MaxTime = Math.Max(bucket.MaxTime, time);
        bucket.Closed = false;
        return bucket.Last;
    }

    /// <summary>Removes the bucket with the lowest times, and its entries.</summary>
    internal void RemoveFirst(EntryTable entries)
    {
        entries.Free(_buckets[0].Last);
        Count--;
        Array.Copy(_buckets, 1, _buckets, 0, Count);
        _last = 0;
    }

    /// <summary>The first time after the bucket at <paramref name="index"/>.</summary>
    internal long EndOf(int index) => (_buckets[index].Number + 1) * widthMs;

    int IndexFor(long time)
    {
        var number = Math.DivRem(time, widthMs, out var rest);
        if (rest < 0)
            number--;
        if (_last < Count && _buckets[_last].Number == number)
            return _last;
        return _last = Search(number);
    }

    int Search(long number)
    {
        var low = 0;
        var high = Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_buckets[middle].Number < number)
                low = middle + 1;
            else
                high = middle;
        }

        if (low < Count && _buckets[low].Number == number)
            return low;
        if (Count == _buckets.Length)
            Array.Resize(ref _buckets, Count * 2);
        Array.Copy(_buckets, low, _buckets, low + 1, Count - low);
        Count++;
        _buckets[low] = new Bucket { Number = number, Last = EntryTable.None, MinTime = long.MaxValue, MaxTime = long.MinValue };
        return low;
    }
}
