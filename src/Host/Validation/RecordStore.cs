using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Memory;

namespace AkkaJoin.Host.Validation;

/// <summary>
/// Keeps records in the form of batches, so that the join's own row writers can render them; what does not fit the
/// memory limit goes to a temporary file. First all records are added, then <see cref="Seal"/>, then they are read.
/// </summary>
sealed class RecordStore(string directory, long memoryMax) : IDisposable
{
    const int SlabSize = 256 * 1024;
    const int CachedMax = 128;

    readonly List<StoredSlab> _slabs = [];
    readonly Dictionary<PartitionId, (RecordBatchWriter Writer, int Slab, long Last)> _open = [];
    readonly Queue<int> _cached = new();
    FileStream? _file;
    long _memory;

    /// <summary>Adds a record; the offsets of a partition ascend.</summary>
    /// <returns>What <see cref="Get"/> takes; unique in this store.</returns>
    internal long Add(PartitionId partition, in NewRecord record)
    {
        if (!_open.TryGetValue(partition, out var open))
            open = (new RecordBatchWriter(), -1, 0);
        if (open.Slab < 0)
        {
            open.Slab = _slabs.Count;
            open.Writer.Begin(record.Offset);
            _slabs.Add(default);
        }

        var address = ((long)open.Slab << 32) | (uint)open.Writer.Length;
        open.Writer.Add(record);
        open.Last = record.Offset;
        if (open.Writer.Length >= SlabSize)
        {
            End(partition, open.Writer, open.Slab, open.Last);
            open.Slab = -1;
        }

        _open[partition] = open;
        return address;
    }

    /// <summary>Ends the adding.</summary>
    internal void Seal()
    {
        foreach (var (partition, open) in _open)
        {
            if (open.Slab >= 0)
                End(partition, open.Writer, open.Slab, open.Last);
        }

        _open.Clear();
        _file?.Flush();
    }

    internal RecordAddress Get(long address) => new(Load((int)(address >> 32)), (int)address, 0);

    public void Dispose() => _file?.Dispose();

    void End(PartitionId id, RecordBatchWriter writer, int slab, long last)
    {
        var bytes = writer.End(id.Side, id.Source, id.Partition, id.Partition + 1, last + 1, BatchHeader.NoWatermark, 0);
        if (_memory + bytes.Length <= memoryMax)
        {
            _memory += bytes.Length;
            _slabs[slab] = new StoredSlab { Bytes = bytes.ToArray(), Length = bytes.Length, FilePosition = -1 };
            return;
        }

        _file ??= new FileStream(
            Path.Combine(directory, $"akkajoin-validation-{Guid.NewGuid():N}"),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            1 << 20,
            FileOptions.DeleteOnClose);
        _slabs[slab] = new StoredSlab { FilePosition = _file.Length, Length = bytes.Length };
        _file.Seek(0, SeekOrigin.End);
        _file.Write(bytes);
        _file.Flush();
    }

    byte[] Load(int index)
    {
        var slab = _slabs[index];
        if (slab.Bytes is not null)
            return slab.Bytes;
        slab.Bytes = new byte[slab.Length];
        _file!.Seek(slab.FilePosition, SeekOrigin.Begin);
        _file.ReadExactly(slab.Bytes);
        _slabs[index] = slab;
        _cached.Enqueue(index);
        // Rows come in the order of their records nearly, so that the oldest slab is the one that is done.
        if (_cached.Count > CachedMax)
            Forget(_cached.Dequeue());
        return slab.Bytes;
    }

    void Forget(int index)
    {
        var slab = _slabs[index];
        slab.Bytes = null;
        _slabs[index] = slab;
    }
}

/// <summary>A slab of a <see cref="RecordStore"/>: in memory, or a address in its file.</summary>
struct StoredSlab
{
    internal byte[]? Bytes;
    internal long FilePosition;
    internal int Length;
}
