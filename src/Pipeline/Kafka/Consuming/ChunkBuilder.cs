using System.Diagnostics;
using AkkaJoin.Pipeline.Kafka.Native;

namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>The open chunk of a partition: the bytes of its records one after the other, and where each lies.</summary>
sealed unsafe class ChunkBuilder(int bytesMax)
{
    const int RecordsMin = 16;

    byte[] _buffer = [];
    ChunkRecord[] _records = [];

    /// <summary>The position before the chunk.</summary>
    internal long From { get; set; }

    internal int Count { get; private set; }

    internal int Length { get; private set; }

    /// <summary>When the first record came, in ticks of the stopwatch.</summary>
    internal long Since { get; private set; }

    /// <summary>Whether the chunk is as long as it may be: hand it over.</summary>
    internal bool IsFull => Length >= bytesMax;

    /// <summary>Whether a record of this size should begin a new chunk.</summary>
    internal bool IsTooFullFor(NativeMessage* message) => Count > 0 && Length + (long)(message->KeyLength + message->Length) > bytesMax;

    internal void Clear(long from)
    {
        From = from;
        Count = 0;
        Length = 0;
    }

    /// <summary>Copies a record; headers too.</summary>
    internal void Append(NativeMessage* message)
    {
        nint headers;
        var headersMax = 0;
        var headerCount = 0;
        if (RdKafka.rd_kafka_message_headers(message, &headers) == 0)
            headersMax = HeaderCopy.SizeMax(headers, out headerCount);
        else
            headers = 0;
        Reserve(checked((int)message->KeyLength + (int)message->Length + headersMax));
        if (Count == 0)
            Since = Stopwatch.GetTimestamp();

        int timestampType;
        ref var record = ref _records[Count++];
        record.Offset = message->Offset;
        record.TimestampMs = RdKafka.rd_kafka_message_timestamp(message, &timestampType);
        Copy(message->Key, (int)message->KeyLength, out record.KeyStart, out record.KeyLength);
        Copy(message->Payload, (int)message->Length, out record.ValueStart, out record.ValueLength);
        record.HeadersStart = Length;
        record.HeadersLength = headerCount == 0 ? 0 : HeaderCopy.Write(headers, headerCount, _buffer.AsSpan(Length));
        Length += record.HeadersLength;
    }

    /// <summary>Makes the chunk and begins the next one where it ends.</summary>
    internal RecordChunk Build(ConsumedPartition partition, long to, bool atEnd, long logEnd, bool isLast)
    {
        var chunk = new RecordChunk
        {
            Topic = partition.Topic,
            Partition = partition.Partition,
            Generation = partition.ReadGeneration,
            From = From,
            To = to,
            AtEnd = atEnd,
            LogEnd = logEnd,
            IsLast = isLast,
            Buffer = Detach(ref _buffer, Length),
            Records = Detach(ref _records, Count),
            Count = Count,
            Length = Length,
        };
        Clear(to);
        return chunk;
    }

    /// <summary>
    /// The array itself where more than half of it is used. Else a copy of what is used, and the array is used again.
    /// </summary>
    static T[] Detach<T>(ref T[] array, int used)
    {
        if (used == 0)
            return [];
        if (used <= array.Length / 2)
            return array.AsSpan(0, used).ToArray();
        var full = array;
        array = [];
        return full;
    }

    void Copy(byte* source, int length, out int start, out int copied)
    {
        start = Length;
        copied = -1;
        if (source == null)
            return;
        new ReadOnlySpan<byte>(source, length).CopyTo(_buffer.AsSpan(Length));
        copied = length;
        Length += length;
    }

    void Reserve(int bytes)
    {
        var needed = checked(Length + bytes);
        if (needed > _buffer.Length)
        {
            var larger =
                GC.AllocateUninitializedArray<byte>(Math.Max(needed, _buffer.Length == 0 ? bytesMax : checked(_buffer.Length * 2)));
            _buffer.AsSpan(0, Length).CopyTo(larger);
            _buffer = larger;
        }

        if (Count == _records.Length)
        {
            // The record at hand says about how many fit the buffer, so that the array seldom grows.
            var guess = Count == 0 ? Math.Max(RecordsMin, Math.Min(bytesMax / Math.Max(bytes, 40) + 8, 2_000)) : Count * 2;
            Array.Resize(ref _records, guess);
        }
    }
}
