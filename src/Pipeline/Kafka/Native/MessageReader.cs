namespace AkkaJoin.Pipeline.Kafka.Native;

/// <summary>
/// Reads batches from a consumer's queue. Polling it counts as polling the consumer: callbacks (rebalance, errors,
/// logs) run inside <see cref="Read"/>, and max.poll.interval.ms is kept. One thread reads; any thread may
/// <see cref="Wake"/>.
/// </summary>
sealed unsafe class MessageReader : IDisposable
{
    // Guards the queue against a wake-up after its end.
    readonly Lock _gate = new();
    readonly nint[] _messages;
    nint _queue;

    internal MessageReader(nint consumer, int batchMax)
    {
        _messages = GC.AllocateArray<nint>(batchMax, pinned: true);
        _queue = RdKafka.rd_kafka_queue_get_consumer(consumer);
    }

    /// <summary>
    /// Reads up to <paramref name="max"/> messages. librdkafka waits the whole time-out unless they are all there: so
    /// wait for one, and take more without waiting.
    /// </summary>
    /// <returns>How many; each must be handed to <see cref="Free"/>.</returns>
    internal int Read(int timeoutMs, int max)
    {
        fixed (nint* messages = _messages)
        {
            var count = RdKafka.rd_kafka_consume_batch_queue(
                _queue, timeoutMs, (NativeMessage**)messages, (nuint)Math.Min(max, _messages.Length));
            return count < 0 ? 0 : (int)count;
        }
    }

    internal NativeMessage* Message(int index) => (NativeMessage*)_messages[index];

    internal void Free(int index) => RdKafka.rd_kafka_message_destroy((NativeMessage*)_messages[index]);

    /// <summary>Ends a <see cref="Read"/> that waits.</summary>
    internal void Wake()
    {
        lock (_gate)
        {
            if (_queue != 0)
                RdKafka.rd_kafka_queue_yield(_queue);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_queue == 0)
                return;
            RdKafka.rd_kafka_queue_destroy(_queue);
            _queue = 0;
        }
    }
}
