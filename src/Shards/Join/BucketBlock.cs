namespace AkkaJoin.Shards.Join;

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
