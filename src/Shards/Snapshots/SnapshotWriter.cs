using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Memory;

namespace AkkaJoin.Shards.Snapshots;

/// <summary>
/// Writes a capture: segment by segment, and then the manifest, which alone makes them a snapshot. A state smaller than
/// a segment has no segments, and its manifest holds everything. Segments depend on the records alone: two incarnations
/// of a key group at the same event write equal segments, so it does no harm if one overwrites the other's. This is why
/// their length cannot be configured.
/// </summary>
/// <param name="capture">What is written.</param>
/// <param name="segmentBytes">A segment ends with the record that makes it so long.</param>
sealed class SnapshotWriter(SnapshotCapture capture, int segmentBytes) : IDisposable
{
    readonly ByteWriter _records = new();
    readonly List<SnapshotSegment> _segments = [];
    IEnumerator<byte[]>? _cut;
    int _slabs;

    /// <summary>Segments so far.</summary>
    internal int Count => _segments.Count;

    /// <summary>Bytes of these.</summary>
    internal long Length { get; private set; }

    /// <summary>The next segment, or null where there are no more.</summary>
    internal byte[]? NextSegment()
    {
        _cut ??= Cut();
        return _cut.MoveNext() ? _cut.Current : null;
    }

    /// <summary>The manifest, once there are no more segments.</summary>
    internal byte[] Manifest() => SnapshotCodec.Write(capture, _segments, _slabs, _records.Written);

    public void Dispose() => _cut?.Dispose();

    IEnumerator<byte[]> Cut()
    {
        var slab = new SnapshotSlab(_records);
        foreach (var side in new[] { capture.Left, capture.Right })
        {
            foreach (var record in side.InOrder())
            {
                var bytes = record.Slab.Bytes;
                slab.Add(bytes[record.HeaderPosition..], bytes[record.Position..], record.Flags & StateCodec.Kept, record.Row);
                if (_records.Length + slab.Length >= segmentBytes)
                    yield return End(slab);
            }

            slab.End();
        }

        if (_segments.Count > 0 && _records.Length > 0)
            yield return End(slab);
        _slabs = slab.Ended;
    }

    byte[] End(SnapshotSlab slab)
    {
        slab.End();
        var segment = _records.ToArray();
        _records.Clear();
        _segments.Add(SnapshotSegment.Of(segment));
        Length += segment.Length;
        return segment;
    }
}
