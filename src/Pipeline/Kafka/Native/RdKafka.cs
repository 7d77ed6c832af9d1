using System.Runtime.InteropServices;

namespace AkkaJoin.Pipeline.Kafka.Native;

/// <summary>
/// What Confluent.Kafka does not offer: reading a batch of messages without an object per record, waking the reader, and committing
/// with a time limit. The names are librdkafka's.
/// </summary>
static unsafe partial class RdKafka
{
    static RdKafka() => NativeLibraries.Ensure();

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_queue_get_consumer(nint rk);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_queue_new(nint rk);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_queue_destroy(nint queue);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_queue_yield(nint queue);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_queue_poll(nint queue, int timeoutMs);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_consume_batch_queue(nint queue, int timeoutMs, NativeMessage** messages, nuint size);

    [LibraryImport(NativeLibraries.RdKafka, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int rd_kafka_get_watermark_offsets(nint rk, string topic, int partition, long* low, long* high);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_message_destroy(NativeMessage* message);

    // The getters only read fields of the message, or parse its headers once: far below the length that would stop a collection.
    [LibraryImport(NativeLibraries.RdKafka)]
    [SuppressGCTransition]
    internal static partial long rd_kafka_message_timestamp(NativeMessage* message, int* type);

    [LibraryImport(NativeLibraries.RdKafka)]
    [SuppressGCTransition]
    internal static partial int rd_kafka_message_leader_epoch(NativeMessage* message);

    [LibraryImport(NativeLibraries.RdKafka)]
    [SuppressGCTransition]
    internal static partial int rd_kafka_message_headers(NativeMessage* message, nint* headers);

    [LibraryImport(NativeLibraries.RdKafka)]
    [SuppressGCTransition]
    internal static partial int rd_kafka_header_get_all(nint headers, nuint index, byte** name, byte** value, nuint* length);

    [LibraryImport(NativeLibraries.RdKafka)]
    [SuppressGCTransition]
    internal static partial byte* rd_kafka_topic_name(nint topic);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial NativePartitionList* rd_kafka_topic_partition_list_new(int size);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_topic_partition_list_destroy(NativePartitionList* list);

    [LibraryImport(NativeLibraries.RdKafka, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial NativePartition* rd_kafka_topic_partition_list_add(NativePartitionList* list, string topic, int partition);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_commit_queue(nint rk, NativePartitionList* offsets, nint queue, nint callback, nint opaque);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_event_error(nint @event);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial NativePartitionList* rd_kafka_event_topic_partition_list(nint @event);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_event_destroy(nint @event);
}
