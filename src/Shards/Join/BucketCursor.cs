namespace AkkaJoin.Shards.Join;

/// <summary>Goes over buckets of <see cref="TimeBuckets"/>, in which none comes or goes meanwhile.</summary>
struct BucketCursor
{
    readonly List<BucketBlock?> _blocks;
    readonly int _step;
    readonly int _end;
    int _block;
    int _index;

    /// <summary>Upwards from a place.</summary>
    internal BucketCursor(List<BucketBlock?> blocks, int block, int index)
    {
        (_blocks, _block, _index) = (blocks, block, index - 1);
        (_step, _end) = (1, blocks.Count - 1);
    }

    /// <summary>Downwards from a place to the first block.</summary>
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
