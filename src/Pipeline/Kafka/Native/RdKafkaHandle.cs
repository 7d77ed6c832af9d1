using System.Runtime.InteropServices;

namespace AkkaJoin.Pipeline.Kafka.Native;

/// <summary>Making and destroying a client of librdkafka without Confluent.Kafka. The names are librdkafka's.</summary>
static unsafe partial class RdKafkaHandle
{
    internal const int Producer = 0; // RD_KAFKA_PRODUCER

    static RdKafkaHandle() => NativeLibraries.Ensure();

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
}
