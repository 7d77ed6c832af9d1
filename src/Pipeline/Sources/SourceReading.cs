using System.Text;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Pipeline.Sources;

/// <summary>
/// One partition of a source as it is read, and the chunk that its records gather in. Used by the stage alone.
/// </summary>
/// <param name="source">The source.</param>
/// <param name="partition">The partition's number.</param>
sealed class SourceReading(IRecordSource source, int partition)
{
    readonly List<ChunkRecord> _records = [];
    byte[] _buffer = [];
    int _length;
    long _from;

    internal IRecordSource Source => source;

    internal string Topic => source.Topic;

    internal int Partition => partition;

    /// <summary>The reading that is under way; what names another is dropped.</summary>
    internal int Generation { get; private set; }

    /// <summary>The offset after the last record.</summary>
    internal long Position { get; private set; }

    /// <summary>Bytes of chunks that are not acknowledged.</summary>
    internal long InFlightBytes { get; set; }

    /// <summary>Whether no more is asked for until half of the bytes in flight are acknowledged.</summary>
    internal bool IsPaused { get; set; }

    /// <summary>Whether records came since the last look.</summary>
    internal bool HasArrived { get; set; }

    /// <summary>Whether the join knows that there is nothing more for now.</summary>
    internal bool IsEndTold { get; set; }

    /// <summary>Ends a reading; null = none is under way.</summary>
    internal Action? Cancel { get; set; }

    /// <summary>Asks for a record.</summary>
    internal Action Pull { get; set; } = static () => { };

    /// <summary>Bytes of the open chunk.</summary>
    internal int OpenBytes => _length;

    /// <summary>Whether the open chunk has records.</summary>
    internal bool IsOpen => _records.Count > 0;

    /// <summary>Begins a reading.</summary>
    internal void Begin(int generation, long offset)
    {
        Cancel?.Invoke();
        (Cancel, Pull) = (null, static () => { });
        (Generation, Position, InFlightBytes, _from, _length) = (generation, offset, 0, offset, 0);
        (IsPaused, HasArrived, IsEndTold) = (false, false, false);
        _records.Clear();
    }

    /// <summary>Copies a record into the open chunk; one that was read already is passed over.</summary>
    /// <returns>Whether it is new.</returns>
    internal bool Append(OffsetRecord record)
    {
        if (record.Offset < Position)
            return false;
        Position = record.Offset + 1;
        var added = new ChunkRecord { Offset = record.Offset, TimestampMs = record.Timestamp?.ToUnixTimeMilliseconds() ?? -1 };
        Copy(record.Key, out added.KeyStart, out added.KeyLength);
        Copy(record.Value, out added.ValueStart, out added.ValueLength);
        added.HeadersStart = _length;
        if (record.Headers.Count > 0)
            CopyHeaders(record.Headers);
        added.HeadersLength = _length - added.HeadersStart;
        _records.Add(added);
        (HasArrived, IsEndTold) = (true, false);
        return true;
    }

    /// <summary>Makes the chunk and begins the next one where it ends.</summary>
    internal RecordChunk Build(bool atEnd, bool isLast)
    {
        var chunk = new RecordChunk
        {
            Topic = Topic,
            Partition = Partition,
            Generation = Generation,
            From = _from,
            To = Position,
            AtEnd = atEnd,
            IsLast = isLast,
            Buffer = _buffer.AsSpan(0, _length).ToArray(),
            Records = [.. _records],
            Count = _records.Count,
            Length = _length,
        };
        InFlightBytes += chunk.InFlightBytes;
        _records.Clear();
        (_from, _length) = (Position, 0);
        return chunk;
    }

    void Copy(ReadOnlyMemory<byte>? bytes, out int start, out int length)
    {
        (start, length) = (_length, -1);
        if (bytes is not { } there)
            return;
        Reserve(there.Length);
        there.Span.CopyTo(_buffer.AsSpan(_length));
        length = there.Length;
        _length += length;
    }

    void CopyHeaders(IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>?>> headers)
    {
        Reserve(Varint.LengthMax);
        _length += HeaderEncoding.WriteCount(_buffer.AsSpan(_length), headers.Count);
        foreach (var (name, value) in headers)
        {
            var text = Encoding.UTF8.GetBytes(name);
            Reserve(HeaderEncoding.SizeMax(text.Length, value?.Length ?? 0));
            _length += HeaderEncoding.Append(_buffer.AsSpan(_length), text, (value ?? default).Span, value is null);
        }
    }

    void Reserve(int bytes)
    {
        var needed = checked(_length + bytes);
        if (needed > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(needed, checked(_buffer.Length * 2)));
    }
}
