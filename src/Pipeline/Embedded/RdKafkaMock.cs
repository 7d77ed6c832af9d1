using System.Runtime.InteropServices;
using AkkaJoin.Pipeline.Kafka.Native;

namespace AkkaJoin.Pipeline.Embedded;

/// <summary>
/// librdkafka's rdkafka_mock.h. Experimental there: the package version is pinned, and a smoke test pins the behaviour.
/// </summary>
static unsafe partial class RdKafkaMock
{
    static RdKafkaMock() => NativeLibraries.Ensure();

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_mock_cluster_new(nint rk, int brokers);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_mock_cluster_destroy(nint cluster);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial nint rd_kafka_mock_cluster_bootstraps(nint cluster);

    [LibraryImport(NativeLibraries.RdKafka, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int rd_kafka_mock_topic_create(nint cluster, string topic, int partitions, int replication);

    [LibraryImport(NativeLibraries.RdKafka, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int rd_kafka_mock_topic_delete(nint cluster, string topic);

    [LibraryImport(NativeLibraries.RdKafka, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int rd_kafka_mock_partition_delete_records(nint cluster, string topic, int partition, long before);

    [LibraryImport(NativeLibraries.RdKafka, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int rd_kafka_mock_partition_set_leader(nint cluster, string topic, int partition, int broker);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_mock_broker_set_down(nint cluster, int broker);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_mock_broker_set_up(nint cluster, int broker);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial int rd_kafka_mock_broker_set_rtt(nint cluster, int broker, int ms);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_mock_set_controller_id(nint cluster, int id);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_mock_group_initial_rebalance_delay_ms(nint cluster, int ms);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_mock_push_request_errors_array(nint cluster, short apiKey, nuint count, int* errors);

    [LibraryImport(NativeLibraries.RdKafka)]
    internal static partial void rd_kafka_mock_clear_request_errors(nint cluster, short apiKey);
}
