using System.Numerics;
using AkkaJoin.Shards.Files;

namespace AkkaJoin.Shards.Memory;

/// <summary>
/// Slabs in mapped files of a directory. The page cache keeps in memory what fits. This is a buddy allocator: it halves
/// a file again and again until a piece has the length of the slab, and joins two halves when both are free. It deletes
/// a file of which no slab is in use.
/// <para>
/// Example. A file has 64 MiB. The first slab of 16 MiB halves it twice: free are then 32 MiB and 16 MiB. When the slab
/// is returned, the two pieces of 16 MiB become one of 32 MiB, and the two of 32 MiB the whole file.
/// </para>
/// <para>
/// Each process makes its own files. They hold nothing that the journal does not: after a crash the state comes from
/// the journal.
/// </para>
/// </summary>
sealed class MappedSlabPool : SlabPool
{
    internal const int ExtentLength = 64 << 20;
    const int SlabLengthMin = 4096;

    readonly string _directory;

    // Free pieces by the logarithm of their length.
    readonly HashSet<(MappedExtent Extent, long Offset)>[] _free =
        [.. Enumerable.Range(0, 32).Select(_ => new HashSet<(MappedExtent, long)>())];
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
            throw NoRoom(e);
        }

        AddFree(AddExtent(ExtentLength));
    }

    /// <inheritdoc/>
    internal override bool IsMemory => false;

    /// <inheritdoc/>
    internal override unsafe void ReadAhead(Slab slab, int from, int length)
    {
        fixed (byte* start = slab.Bytes)
            PageAdvice.ReadAhead(start + from, Math.Min(length, slab.Length - from));
    }

    /// <summary>
    /// Deletes the files. A file with a slab in use is deleted when that slab is returned, because reading an unmapped
    /// slab would end the process.
    /// </summary>
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
        var piece = length > ExtentLength ? (Extent: AddExtent(length), Offset: 0L) : RemoveFree(BitOperations.Log2((uint)length));
        var slab = piece.Extent.SlabAt(piece.Offset, length);
        piece.Extent.Slabs++;
        _used[slab] = piece;
        return slab;
    }

    /// <inheritdoc/>
    protected override void Free(Slab slab)
    {
        _used.Remove(slab, out var piece);
        var (extent, offset) = piece;
        extent.Slabs--;
        if (extent.Length == ExtentLength)
            offset = AddFree(extent, offset, BitOperations.Log2((uint)slab.Length));

        // The last file stays when it is empty, so that a state that grows and shrinks does not make a file each time.
        if (extent.Slabs > 0 || (extent.Length == ExtentLength && _extents.Count == 1 && !_isDisposed))
            return;
        _free[BitOperations.Log2(ExtentLength)].Remove((extent, offset));
        _extents.Remove(extent);
        Count(-extent.Length);
        extent.Dispose();
    }

    void AddFree(MappedExtent extent) => _free[BitOperations.Log2(ExtentLength)].Add((extent, 0));

    // Removes a piece of 2^power bytes from the free ones. Halves a larger one, or adds an extent, where there is none.
    (MappedExtent Extent, long Offset) RemoveFree(int power)
    {
        var from = power;
        while (from < _free.Length && _free[from].Count == 0)
            from++;
        if (from == _free.Length)
        {
            AddFree(AddExtent(ExtentLength));
            from = BitOperations.Log2(ExtentLength);
        }

        var piece = _free[from].First();
        _free[from].Remove(piece);
        while (from > power)
            _free[--from].Add((piece.Extent, piece.Offset + (1L << from)));
        return piece;
    }

    // Adds a piece to the free ones, joined with its other half as often as that half is free. Returns where it begins.
    long AddFree(MappedExtent extent, long offset, int power)
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
            throw NoRoom(e);
        }
    }

    StateException NoRoom(Exception cause) => new(
        $"state.directory {_directory} has no room for the state: {cause.Message} Make room there, name another directory, "
        + "or set it to null to keep the state in memory. Nothing is lost: the journal has all that was read.",
        cause);
}
