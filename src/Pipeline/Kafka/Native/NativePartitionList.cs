using System.Runtime.InteropServices;

namespace AkkaJoin.Pipeline.Kafka.Native;

/// <summary>rd_kafka_topic_partition_list_t.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct NativePartitionList
{
    internal int Count;
    internal int Size;
    internal NativePartition* Elements;
}
