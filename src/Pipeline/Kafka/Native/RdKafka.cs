using System.Runtime.InteropServices;

namespace AkkaJoin.Pipeline.Kafka.Native;

/// <summary>
/// The functions of librdkafka that this program calls itself, under their own names. The clients through which records
/// go are made with them, since Confluent.Kafka does not offer:
/// <list type="bullet">
/// <item>reading a batch of messages without an object per record, and waking the reader;</item>
/// <item>
/// producing without an object per record (its producer takes what stands behind a message for an object of its own);
/// </item>
/// <item>committing with a time limit.</item>
/// </list>
/// What else is asked of the brokers, and the tail of the output, go through Confluent.Kafka.
/// </summary>
static unsafe partial class RdKafka
{
    internal const int Producer = 0; // RD_KAFKA_PRODUCER
    internal const int Consumer = 1; // RD_KAFKA_CONSUMER
    internal const int Copy = 0x2; // RD_KAFKA_MSG_F_COPY
    internal const int PurgeAll = 0x1 | 0x2; // RD_KAFKA_PURGE_F_QUEUE, RD_KAFKA_PURGE_F_INFLIGHT
    internal const int OpDescribeTopics = 19; // RD_KAFKA_ADMIN_OP_DESCRIBETOPICS
    internal const int OpListOffsets = 21; // RD_KAFKA_ADMIN_OP_LISTOFFSETS
    internal const long Latest = -1; // RD_KAFKA_OFFSET_SPEC_LATEST
    internal const long Earliest = -2; // RD_KAFKA_OFFSET_SPEC_EARLIEST

    static RdKafka() => NativeLibraries.Ensure();

    // ---- Making and destroying a client.

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_conf_new();

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_conf_destroy(nint conf);

    [LibraryImport(NativeLibraries.RdKafka, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int rd_kafka_conf_set(nint conf, string name, string value, byte* error, nuint errorSize);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_new(int type, nint conf, byte* error, nuint errorSize);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_destroy(nint rk);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_conf_set_opaque(nint conf, nint opaque);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_conf_set_error_cb(nint conf, delegate* unmanaged[Cdecl]<nint, int, byte*, nint, void> callback);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_conf_set_log_cb(nint conf, delegate* unmanaged[Cdecl]<nint, int, byte*, byte*, void> callback);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_opaque(nint rk);

    [LibraryImport(NativeLibraries.RdKafka, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint rd_kafka_topic_new(nint rk, string topic, nint conf);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_topic_destroy(nint topic);

    // ---- What went wrong.

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_error_code(nint error);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial byte* rd_kafka_error_string(nint error);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_error_destroy(nint error);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_fatal_error(nint rk, byte* text, nuint textSize);

    // ---- A consumer of a group.

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_conf_set_rebalance_cb(
        nint conf, delegate* unmanaged[Cdecl]<nint, int, NativePartitionList*, nint, void> callback);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_poll_set_consumer(nint rk);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_subscribe(nint rk, NativePartitionList* topics);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial byte* rd_kafka_rebalance_protocol(nint rk);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_assignment_lost(nint rk);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_assign(nint rk, NativePartitionList* partitions);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_incremental_assign(nint rk, NativePartitionList* partitions);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_incremental_unassign(nint rk, NativePartitionList* partitions);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_pause_partitions(nint rk, NativePartitionList* partitions);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_resume_partitions(nint rk, NativePartitionList* partitions);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_seek(nint topic, int partition, long offset, int timeoutMs);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_committed(nint rk, NativePartitionList* partitions, int timeoutMs);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_consumer_close(nint rk);

    // ---- Asking about topics.

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_AdminOptions_new(nint rk, int operation);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_AdminOptions_destroy(nint options);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_AdminOptions_set_request_timeout(nint options, int timeoutMs, byte* error, nuint errorSize);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_AdminOptions_set_isolation_level(nint options, int level);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial byte* rd_kafka_event_error_string(nint @event);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_ListOffsets(nint rk, NativePartitionList* partitions, nint options, nint queue);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_event_ListOffsets_result(nint @event);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint* rd_kafka_ListOffsets_result_infos(nint result, nuint* count);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial NativePartition* rd_kafka_ListOffsetsResultInfo_topic_partition(nint info);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_TopicCollection_of_topic_names(byte** names, nuint count);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_TopicCollection_destroy(nint topics);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_DescribeTopics(nint rk, nint topics, nint options, nint queue);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_event_DescribeTopics_result(nint @event);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint* rd_kafka_DescribeTopics_result_topics(nint result, nuint* count);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial byte* rd_kafka_TopicDescription_name(nint topic);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_TopicDescription_error(nint topic);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_TopicDescription_partitions(nint topic, nuint* count);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_TopicDescription_topic_id(nint topic);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial long rd_kafka_Uuid_most_significant_bits(nint uuid);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial long rd_kafka_Uuid_least_significant_bits(nint uuid);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_metadata(nint rk, int allTopics, nint onlyTopic, nint* metadata, int timeoutMs);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_metadata_destroy(nint metadata);

    // ---- Reading.

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

    // The getters only read fields of the message, or parse its headers once: far below the length that would stop a
    // collection.
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

    // ---- Producing.

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_conf_set_dr_msg_cb(
        nint conf, delegate* unmanaged[Cdecl]<nint, NativeMessage*, nint, void> callback);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_headers_new(nuint capacity);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_header_add(nint headers, byte* name, nint nameLength, byte* value, nint valueLength);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_headers_destroy(nint headers);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_produceva(nint rk, NativeVariable* variables, nuint count);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_poll(nint rk, int timeoutMs);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_flush(nint rk, int timeoutMs);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_purge(nint rk, int flags);
}
