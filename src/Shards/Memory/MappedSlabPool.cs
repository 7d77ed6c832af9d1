using System.Numerics;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Shards.Memory;

/// <summary>
/// Slabs in files of a directory that are mapped: what does not fit memory is the page cache's work. A file is cut into slabs by halving it
/// again and again, and halves that are both free are one again (a buddy allocator); a file of which nothing is in use is given back.
/// The files are made anew by each process and hold nothing that the journal does not: after a crash the state comes from there.
/// </summary>
sealed class MappedSlabPool : SlabPool
{
    internal const int ExtentLength = 64 << 20;
    const int SlabLengthMin = 4096;

    readonly string _directory;

    // Free pieces by the logarithm of their length.
    readonly HashSet<(MappedExtent Extent, long Offset)>[] _free = [.. Enumerable.Range(0, 32).Select(_ => new HashSet<(MappedExtent, long)>())];
    readonly Dictionary<Slab, (MappedExtent Extent, long Offset)> _used = [];
    readonly HashSet<MappedExtent> _extents = [];

    bool _isDisposed;

    /// <exception cref="StateException">The directory cannot be used.</exception>
    internal MappedSlabPool(string directory)
        : base(SlabLengthMin)
    {
        _directory = Path.GetFullPath(directory);
        try
        {
            PrivateFiles.CreateDirectory(_directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateException(ShardsLog.StateDirectory(_directory, e), e);
        }

        Keep(AddExtent(ExtentLength));
    }

    /// <inheritdoc/>
    internal override bool IsMemory => false;

    /// <inheritdoc/>
    internal override unsafe void ReadAhead(Slab slab, int from, int length)
    {
        fixed (byte* start = slab.Bytes)
            PageAdvice.ReadAhead(start + from, Math.Min(length, slab.Length - from));
    }

    /// <summary>Gives the files back; one of which a slab is still held, when that is returned: to read it any later would end the process.</summary>
    public override void Dispose()
    {
        lock (Gate)
        {
            _isDisposed = true;
            foreach (var extent in _extents.Where(e => e.Slabs == 0))
                extent.Dispose();
            _extents.RemoveWhere(e => e.Slabs == 0);
        }

        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Slab Allocate(int length)
    {
        var place = length > ExtentLength ? (AddExtent(length), 0) : Take(BitOperations.Log2((uint)length));
        var slab = place.Item1.SlabAt(place.Item2, length);
        place.Item1.Slabs++;
        _used[slab] = place;
        return slab;
    }

    /// <inheritdoc/>
    protected override void Free(Slab slab)
    {
        _used.Remove(slab, out var place);
        var (extent, offset) = place;
        extent.Slabs--;
        if (extent.Length == ExtentLength)
            offset = Join(extent, offset, BitOperations.Log2((uint)slab.Length));

        // One that is empty stays, so that a state that comes and goes makes no file each time.
        if (extent.Slabs > 0 || (extent.Length == ExtentLength && _extents.Count == 1 && !_isDisposed))
            return;
        _free[BitOperations.Log2(ExtentLength)].Remove((extent, offset));
        _extents.Remove(extent);
        Count(-extent.Length);
        extent.Dispose();
    }

    void Keep(MappedExtent extent) => _free[BitOperations.Log2(ExtentLength)].Add((extent, 0));

    (MappedExtent Extent, long Offset) Take(int power)
    {
        var from = power;
        while (from < _free.Length && _free[from].Count == 0)
            from++;
        if (from == _free.Length)
        {
            Keep(AddExtent(ExtentLength));
            from = BitOperations.Log2(ExtentLength);
        }

        var place = _free[from].First();
        _free[from].Remove(place);
        while (from > power)
            _free[--from].Add((place.Extent, place.Offset + (1L << from)));
        return place;
    }

    // Gives a piece back, and makes it one with its other half as often as that is free.
    long Join(MappedExtent extent, long offset, int power)
    {
        while (1L << power < ExtentLength && _free[power].Remove((extent, offset ^ (1L << power))))
            offset &= ~(1L << power++);
        _free[power].Add((extent, offset));
        return offset;
    }

    MappedExtent AddExtent(long length)
    {
        try
        {
            var extent = new MappedExtent(_directory, length);
            _extents.Add(extent);
            Count(length);
            return extent;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateException(ShardsLog.StateDirectory(_directory, e), e);
        }
    }
}
