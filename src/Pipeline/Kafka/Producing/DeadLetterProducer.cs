using System.Globalization;
using System.Text;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Outputs;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>Writes dead letters; a batch that covers one's offset may be sent only after its acknowledgement. Thread safe.</summary>
/// <param name="producer">The producer; it belongs to the caller.</param>
/// <param name="topic">The dead-letter topic.</param>
/// <param name="join">The join's name, for the header.</param>
/// <param name="inFlightMax">The most dead letters without an acknowledgement; <see cref="SendAsync"/> waits above it.</param>
sealed class DeadLetterProducer(OutputProducer producer, string topic, string join, int inFlightMax = 1_000) : IDisposable
{
    const int QueueFullRetryMs = 10;

    readonly SemaphoreSlim _room = new(inFlightMax);
    readonly byte[] _join = Encoding.UTF8.GetBytes(join);

    /// <summary>Done once the broker acknowledged the record.</summary>
    /// <exception cref="KafkaStopException">The broker refused it for good.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while it waited for room; what is with the producer is written anyway.</exception>
    internal async Task SendAsync(DeadLetter letter, CancellationToken cancellation = default)
    {
        await _room.WaitAsync(cancellation);
        try
        {
            await ProduceAsync(letter, cancellation);
        }
        finally
        {
            _room.Release();
        }
    }

    public void Dispose() => _room.Dispose();

    async Task ProduceAsync(DeadLetter letter, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<Error>(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = Message(letter);
        while (producer.TryProduce(topic, message, r => done.TrySetResult(r.Error)) is { } full)
        {
            if (full.Code != ErrorCode.Local_QueueFull)
                throw Refusals.Explain(topic, letter.Key, Name(letter), full);
            await Task.Delay(QueueFullRetryMs, cancellation);
        }

        var error = await done.Task;
        if (error.IsError)
            throw Refusals.Explain(topic, letter.Key, Name(letter), error);
    }

    Message<byte[]?, byte[]?> Message(DeadLetter letter)
    {
        var headers = new Headers();
        OutputMessages.AddHeaders(headers, letter.Headers.Span);
        headers.Add(OutputHeaders.Join, _join);
        headers.Add(OutputHeaders.Reason, Encoding.UTF8.GetBytes(letter.Reason));
        headers.Add(OutputHeaders.Detail, Encoding.UTF8.GetBytes(letter.Detail));
        headers.Add(OutputHeaders.Side, letter.Side == Side.Left ? "left"u8.ToArray() : "right"u8.ToArray());
        headers.Add(OutputHeaders.SourceTopic, Encoding.UTF8.GetBytes(letter.Topic));
        headers.Add(OutputHeaders.SourcePartition, Number(letter.Partition));
        headers.Add(OutputHeaders.SourceOffset, Number(letter.Offset));
        return new Message<byte[]?, byte[]?>
        {
            Key = letter.Key,
            Value = letter.Value,
            Headers = headers,
            Timestamp = OutputMessages.Time(letter.TimestampMs),
        };
    }

    static byte[] Number(long value) => Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    static string Name(DeadLetter letter) => $"the dead letter {letter.Topic}/{letter.Partition}@{letter.Offset}";
}
