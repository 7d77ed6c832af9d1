using System.Text;
using AkkaJoin.Pipeline.Kafka;

namespace AkkaJoin.Pipeline.Tests.Routing;

/// <summary>Makes chunks of texts, which are the records' values; the topic is "t".</summary>
static class TextChunks
{
    internal static RecordChunk Of(int partition, int generation, long from, IReadOnlyList<string> values, bool atEnd = false, bool isLast = false)
    {
        var buffer = new List<byte>();
        var records = new List<ChunkRecord>();
        foreach (var value in values)
        {
            var bytes = Encoding.UTF8.GetBytes(value);
            records.Add(new ChunkRecord { Offset = from + records.Count, KeyLength = -1, ValueStart = buffer.Count, ValueLength = bytes.Length });
            buffer.AddRange(bytes);
        }

        return new RecordChunk
        {
            Topic = "t",
            Partition = partition,
            Generation = generation,
            From = from,
            To = from + values.Count,
            AtEnd = atEnd,
            IsLast = isLast,
            Buffer = [.. buffer],
            Records = [.. records],
            Count = values.Count,
            Length = buffer.Count,
        };
    }
}
