using System.Runtime.InteropServices;

namespace AkkaJoin.Pipeline.Kafka.Native;

/// <summary>
/// What producing without an object per record takes. A producer of Confluent.Kafka cannot be used for it: it takes what stands behind a message
/// in its delivery report for an object of its own. The names are librdkafka's.
/// </summary>
static unsafe partial class RdKafkaProducer
{
    internal const int Copy = 0x2; // RD_KAFKA_MSG_F_COPY
    internal const int PurgeAll = 0x1 | 0x2; // RD_KAFKA_PURGE_F_QUEUE, RD_KAFKA_PURGE_F_INFLIGHT

    static RdKafkaProducer() => NativeLibraries.Ensure();

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_conf_set_opaque(nint conf, nint opaque);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_conf_set_dr_msg_cb(nint conf, delegate* unmanaged[Cdecl]<nint, NativeMessage*, nint, void> callback);

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

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_headers_new(nuint capacity);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_header_add(nint headers, byte* name, nint nameLength, byte* value, nint valueLength);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_headers_destroy(nint headers);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_produceva(nint rk, NativeVariable* variables, nuint count);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_error_code(nint error);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial byte* rd_kafka_error_string(nint error);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_error_destroy(nint error);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_fatal_error(nint rk, byte* text, nuint textSize);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_poll(nint rk, int timeoutMs);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_flush(nint rk, int timeoutMs);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_purge(nint rk, int flags);
}
