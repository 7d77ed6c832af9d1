using System.Buffers.Binary;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Snapshots;

/// <summary>
/// Gathers records into the slabs of a snapshot: batches of the records that follow each other and came in one batch.
/// </summary>
sealed class SnapshotSlab(ByteWriter writer)
{
    readonly byte[] _flags = new byte[StateCodec.RecordsOfSlab];
    readonly KeptRowWriter _rows = new();
    byte[] _bytes = new byte[1 << 12];
    int _length;
    int _count;

    // Where the last batch begins, and how many records it has.
    int _batch;
    int _batchCount;

    /// <summary>Slabs that were ended.</summary>
    internal int Ended { get; private set; }

    /// <summary>Bytes of the slab that is not ended.</summary>
    internal int Length => _length + _rows.Length;

    /// <summary>Adds a record.</summary>
    /// <param name="header">Bytes that begin with the head of its batch.</param>
    /// <param name="record">Bytes that begin with the record.</param>
    /// <param name="flags">What it has been through.</param>
    /// <param name="row">The row in which it stands, where the flags say that this is kept.</param>
    internal void Add(ReadOnlySpan<byte> header, ReadOnlySpan<byte> record, EntryFlags flags, in RowId row = default)
    {
        record = record[..RecordView.ReadLength(record)];
        Reserve(BatchHeader.Size + record.Length);
        if (_count == 0 || !BatchHeader.AreOfOneBatch(_bytes.AsSpan(_batch), header))
        {
            EndBatch();
            BatchHeader.CopyEmpty(header, _bytes.AsSpan(_length));
            _batch = _length;
            _length += BatchHeader.Size;
        }

        record.CopyTo(_bytes.AsSpan(_length));
        _length += record.Length;
        _batchCount++;
        if ((flags & EntryFlags.RowKept) != 0)
            _rows.Add(row);
        _flags[_count++] = (byte)flags;
        if (_count == _flags.Length)
            End();
    }

    /// <summary>Ends the slab, if there is one.</summary>
    internal void End()
    {
        EndBatch();
        if (_count > 0)
        {
            writer.Bytes(_bytes.AsSpan(0, _length));
            writer.Bytes(_flags.AsSpan(0, _count));
            if (_rows.Length > 0)
                writer.Bytes(_rows.End());
            Ended++;
        }

        _length = 0;
        _count = 0;
    }

    void EndBatch()
    {
        if (_batchCount > 0)
            BatchHeader.SetContent(_bytes.AsSpan(_batch), _length - _batch, _batchCount);
        _batchCount = 0;
    }

    void Reserve(int more)
    {
        if (_length + more > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + more));
    }
}
