using System.Collections.Concurrent;
using System.Text;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Kafka.Consuming;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Shards.Batches;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Tests.Kafka;

/// <summary>A source that runs into a list, once <c>hold</c> is done. By default it begins every partition at its committed offset and releases every chunk.</summary>
sealed class RunningSource
{
    readonly Dictionary<(string, int), long> _positions = [];

    internal RunningSource(
        IMaterializer materializer,
        ConsumerSettings settings,
        string[] topics,
        bool begin = true,
        bool release = true,
        Task? hold = null,
        IReadOnlyDictionary<TopicPartition, long>? ends = null,
        SourceTopics? sources = null)
    {
        Release = release;
        var subscription = Subscriptions.Topics(topics) with { Sources = sources ?? SourceTopics.Unknown };
        if (ends is not null)
            subscription = subscription.WithEnds(ends);
        if (begin)
        {
            Listener.OnAssigned = starts =>
            {
                foreach (var s in starts)
                    Control.StartReading(s.Topic, s.Partition, s.Generation, s.CommittedOffset);
            };
        }

        (var control, Completion) = KafkaConsumer.ChunkSource(settings, subscription, Listener)
            .SelectAsync(1, c => Held(c, hold))
            .ToMaterialized(Sink.ForEach<RecordChunk>(Take), Keep.Both)
            .Run(materializer);
        _control.SetResult(control);
    }

    // The consumer's thread may ask for the control before the stream's start has returned it.
    readonly TaskCompletionSource<IChunkControl> _control = new();

    internal IChunkControl Control => _control.Task.GetAwaiter().GetResult();

    internal TestListener Listener { get; } = new();

    internal Task<Done> Completion { get; }

    internal bool Release { get; set; }

    internal ConcurrentQueue<RecordChunk> Chunks { get; } = new();

    internal ConcurrentQueue<ReadRecord> Records { get; } = new();

    internal IEnumerable<ReadRecord> Of(int partition) => Records.Where(r => r.Partition == partition);

    internal Task UntilRecordsAsync(int count) => Poll.UntilAsync(() => Records.Count >= count || Completion.IsCompleted, $"{count} records came");

    static async Task<RecordChunk> Held(RecordChunk chunk, Task? hold)
    {
        await (hold ?? Task.CompletedTask);
        return chunk;
    }

    void Take(RecordChunk chunk)
    {
        Chunks.Enqueue(chunk);
        for (var i = 0; i < chunk.Count; i++)
            Records.Enqueue(Copy(chunk, ref chunk.Records[i]));
        if (Release)
            Control.ReduceInFlight(chunk.Topic, chunk.Partition, chunk.Generation, chunk.InFlightBytes);
    }

    static ReadRecord Copy(RecordChunk chunk, ref ChunkRecord r) => new(
        chunk.Topic,
        chunk.Partition,
        r.Offset,
        r.TimestampMs,
        r.KeyLength < 0 ? null : Encoding.UTF8.GetString(chunk.Buffer, r.KeyStart, r.KeyLength),
        r.ValueLength < 0 ? null : Encoding.UTF8.GetString(chunk.Buffer, r.ValueStart, r.ValueLength),
        Headers(chunk.Buffer.AsSpan(r.HeadersStart, r.HeadersLength)));

    static string Headers(ReadOnlySpan<byte> encoded)
    {
        var text = new StringBuilder();
        var reader = HeaderEncoding.Read(encoded);
        while (reader.MoveNext())
        {
            var value = reader.ValueIsNull ? "null" : Encoding.UTF8.GetString(reader.Value);
            text.Append(Encoding.UTF8.GetString(reader.Name)).Append('=').Append(value).Append(';');
        }

        return text.ToString();
    }
}

/// <summary>A record out of a chunk, copied.</summary>
sealed record ReadRecord(string Topic, int Partition, long Offset, long TimestampMs, string? Key, string? Value, string Headers);
