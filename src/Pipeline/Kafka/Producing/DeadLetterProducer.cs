using System.Globalization;
using System.Text;
using AkkaJoin.Pipeline.Kafka.Native;
using AkkaJoin.Shards.Outputs;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>
/// Writes dead letters; a batch that covers one's offset may be sent only after its acknowledgement. Thread safe.
/// </summary>
/// <param name="producer">The producer; it belongs to the caller.</param>
/// <param name="topic">The dead-letter topic.</param>
/// <param name="join">The join's name, for the header.</param>
/// <param name="inFlightMax">
/// The most dead letters without an acknowledgement; <see cref="SendAsync"/> waits above it.
/// </param>
sealed class DeadLetterProducer(OutputProducer producer, string topic, string join, int inFlightMax = 1_000) : IDisposable
{
    const int QueueFullRetryMs = 10;
    const int DetailCharactersMax = 1_000;

    // A dead letter that is too large is tried again with less and less of it: one that is always refused would stop
    // the join for ever.
    static readonly int[] PartBytesMax = [900_000, 400_000, 100_000, 10_000, 1_000, 0];

    readonly SemaphoreSlim _room = new(inFlightMax);
    readonly byte[] _join = Encoding.UTF8.GetBytes(join);

    /// <summary>Done once the broker acknowledged the record.</summary>
    /// <exception cref="KafkaStopException">The broker refused it for good.</exception>
    /// <exception cref="OperationCanceledException">
    /// Cancelled while it waited for room; what is with the producer is written anyway.
    /// </exception>
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
        var error = await ProduceOnceAsync(letter, cancellation);
        foreach (var bytesMax in PartBytesMax)
        {
            if (error?.Code is not (ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge))
                break;
            var cut = letter.WithPartsUpTo(bytesMax);
            if (cut != letter)
                error = await ProduceOnceAsync(cut, cancellation);
        }

        if (error is not null)
            throw Refusals.Explain(topic, letter.Key, Name(letter), error);
    }

    /// <returns>Why the broker, or the producer itself, refused it; null = the broker has it.</returns>
    async Task<Error?> ProduceOnceAsync(DeadLetter letter, CancellationToken cancellation)
    {
        var delivery = new DeadLetterDelivery();
        while (TryProduce(letter, delivery) is { } full)
        {
            if (full.Code != ErrorCode.Local_QueueFull)
                return full;
            await Task.Delay(QueueFullRetryMs, cancellation);
        }

        var error = await delivery.Done;
        return error.IsError ? error : null;
    }

    Error? TryProduce(DeadLetter letter, DeadLetterDelivery delivery)
    {
        delivery.AllocateHandle();
        var record = new OutgoingRecord
        {
            Key = letter.Key,
            KeyIsNull = letter.Key is null,
            Value = letter.Value,
            ValueIsNull = letter.Value is null,
            Headers = Headers(letter),
            TimestampMs = -1, // now: the broker deletes what is as old as the data may be
        };
        var error = producer.TryProduce(topic, record, delivery);
        if (error is not null)
            delivery.FreeHandle();
        return error;
    }

    NativeHeaders Headers(DeadLetter letter)
    {
        const int expected = 10;
        var headers = NativeHeaders.Create(expected);
        if (!letter.Headers.IsEmpty)
            headers.AddAll(letter.Headers.Span);
        headers.Add(HeaderNames.Join, _join);
        Add(headers, OutputHeaders.Reason, letter.Reason);
        Add(headers, OutputHeaders.Detail, Hocon.OneLine.Beginning(letter.Detail, DetailCharactersMax));
        Add(headers, OutputHeaders.Side, letter.Side == Side.Left ? "left" : "right");
        Add(headers, OutputHeaders.SourceTopic, letter.Topic);
        Add(headers, OutputHeaders.SourcePartition, Number(letter.Partition));
        Add(headers, OutputHeaders.SourceOffset, Number(letter.Offset));
        if (letter.TimestampMs >= 0)
            Add(headers, OutputHeaders.SourceTimestamp, Number(letter.TimestampMs));
        if (letter.Cut is { } cut)
            Add(headers, OutputHeaders.Cut, cut);
        return headers;
    }

    static void Add(NativeHeaders headers, string name, string value) =>
        headers.Add(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));

    static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    static string Name(DeadLetter letter) => $"the dead letter {letter.Topic}/{letter.Partition}@{letter.Offset}";
}

/// <summary>Waits for what becomes of one dead letter.</summary>
sealed class DeadLetterDelivery : Delivery
{
    readonly TaskCompletionSource<Error> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>No error where the broker has it.</summary>
    internal Task<Error> Done => _done.Task;

    internal override unsafe void Reported(string topic, NativeMessage* record)
    {
        FreeHandle();
        _done.TrySetResult(new Error((ErrorCode)record->Error));
    }
}
