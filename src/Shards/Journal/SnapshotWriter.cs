using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Shards.Journal;

/// <summary>
/// Writes what was captured: chunk by chunk, and then the manifest, which alone makes them a snapshot. A state smaller than a chunk has none, and
/// its manifest holds all. Chunks depend on the records alone: two incarnations of a key group that are at the same event write equal ones, so
/// it does no harm if one of them writes over the other's. So their length is not to be configured.
/// </summary>
/// <param name="capture">What is written.</param>
/// <param name="chunkBytes">A chunk ends with the record that makes it so long.</param>
sealed class SnapshotWriter(SnapshotCapture capture, int chunkBytes) : IDisposable
{
    readonly ByteWriter _records = new();
    readonly List<SnapshotChunk> _chunks = [];
    IEnumerator<byte[]>? _cut;
    int _slabs;

    /// <summary>Chunks so far.</summary>
    internal int Count => _chunks.Count;

    /// <summary>Bytes of these.</summary>
    internal long Length { get; private set; }

    /// <summary>The next chunk, or null where there are no more.</summary>
    internal byte[]? NextChunk()
    {
        _cut ??= Cut();
        return _cut.MoveNext() ? _cut.Current : null;
    }

    /// <summary>The manifest, once there are no more chunks.</summary>
    internal byte[] Manifest() => SnapshotCodec.Write(capture, _chunks, _slabs, _records.Written);

    public void Dispose() => _cut?.Dispose();

    IEnumerator<byte[]> Cut()
    {
        var slab = new SnapshotSlab(_records);
        foreach (var side in new[] { capture.Left, capture.Right })
        {
            foreach (var record in side.InOrder())
            {
                var bytes = record.Slab.Bytes;
                slab.Add(bytes[record.HeaderPosition..], bytes[record.Position..], record.Flags & StateCodec.Kept);
                if (_records.Length + slab.Length >= chunkBytes)
                    yield return End(slab);
            }

            slab.End();
        }

        if (_chunks.Count > 0 && _records.Length > 0)
            yield return End(slab);
        _slabs = slab.Ended;
    }

    byte[] End(SnapshotSlab slab)
    {
        slab.End();
        var chunk = _records.ToArray();
        _records.Clear();
        _chunks.Add(SnapshotChunk.Of(chunk));
        Length += chunk.Length;
        return chunk;
    }
}
