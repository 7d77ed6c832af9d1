using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Native;

/// <summary>
/// One commit request whose answer can be asked for without blocking, or waited for with a limit (Confluent's Commit waits for as long as
/// the broker is away). Used by the consumer's thread.
/// </summary>
sealed unsafe class TimedCommit : Consuming.IOffsetCommit
{
    // A queue of its own per request: an answer that comes after its time-out belongs to nobody and dies with the queue.
    nint _queue;

    TimedCommit(nint queue) => _queue = queue;

    internal static TimedCommit Start(nint consumer, IReadOnlyCollection<PartitionOffset> offsets)
    {
        var list = RdKafka.rd_kafka_topic_partition_list_new(offsets.Count);
        var queue = RdKafka.rd_kafka_queue_new(consumer);
        try
        {
            foreach (var o in offsets)
                RdKafka.rd_kafka_topic_partition_list_add(list, o.Topic, o.Partition)->Offset = o.Offset;
            var error = RdKafka.rd_kafka_commit_queue(consumer, list, queue, 0, 0);
            if (error != 0)
                throw new KafkaException((ErrorCode)error);
            var commit = new TimedCommit(queue);
            queue = 0;
            return commit;
        }
        finally
        {
            RdKafka.rd_kafka_topic_partition_list_destroy(list);
            if (queue != 0)
                RdKafka.rd_kafka_queue_destroy(queue);
        }
    }

    /// <inheritdoc/>
    public ErrorCode? Wait(int timeoutMs)
    {
        var answer = RdKafka.rd_kafka_queue_poll(_queue, timeoutMs);
        if (answer == 0)
            return null;
        var error = (ErrorCode)RdKafka.rd_kafka_event_error(answer);
        var list = RdKafka.rd_kafka_event_topic_partition_list(answer);
        for (var i = 0; list != null && i < list->Count && error == ErrorCode.NoError; i++)
            error = (ErrorCode)list->Elements[i].Error;
        RdKafka.rd_kafka_event_destroy(answer);
        return error;
    }

    public void Dispose()
    {
        if (_queue != 0)
            RdKafka.rd_kafka_queue_destroy(_queue);
        _queue = 0;
    }
}
