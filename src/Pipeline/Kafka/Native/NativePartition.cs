using System.Runtime.InteropServices;

namespace AkkaJoin.Pipeline.Kafka.Native;

/// <summary>rd_kafka_topic_partition_t.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct NativePartition
{
    internal byte* Topic;
    internal int Partition;
    internal long Offset;
    internal nint Metadata;
    internal nuint MetadataSize;
    internal nint Opaque;
    internal int Error;
    internal nint Private;
}
