using System.Runtime.InteropServices;

namespace AkkaJoin.Pipeline.Kafka.Native;

/// <summary>rd_kafka_message_t.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct NativeMessage
{
    internal int Error;
    internal nint Topic;
    internal int Partition;

    /// <summary>The value, null for a null one; the error string where <see cref="Error"/> is not 0.</summary>
    internal byte* Payload;

    internal nuint Length;
    internal byte* Key;
    internal nuint KeyLength;
    internal long Offset;
    internal nint Private;
}

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

/// <summary>rd_kafka_topic_partition_list_t.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct NativePartitionList
{
    internal int Count;
    internal int Size;
    internal NativePartition* Elements;
}

/// <summary>rd_kafka_vu_t: one of the properties of a message that is produced.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
struct NativeVariable
{
    [FieldOffset(0)]
    internal NativeVariableKind Kind;

    /// <summary>A pointer, a time in ms, or flags.</summary>
    [FieldOffset(8)]
    internal nint Content;

    /// <summary>Of the bytes that <see cref="Content"/> points to.</summary>
    [FieldOffset(16)]
    internal nint Length;
}

/// <summary>rd_kafka_vtype_t: what a <see cref="NativeVariable"/> holds.</summary>
enum NativeVariableKind
{
    /// <summary>RD_KAFKA_VTYPE_RKT.</summary>
    Topic = 2,

    /// <summary>RD_KAFKA_VTYPE_VALUE.</summary>
    Value = 4,

    /// <summary>RD_KAFKA_VTYPE_KEY.</summary>
    Key = 5,

    /// <summary>RD_KAFKA_VTYPE_OPAQUE.</summary>
    Opaque = 6,

    /// <summary>RD_KAFKA_VTYPE_MSGFLAGS.</summary>
    Flags = 7,

    /// <summary>RD_KAFKA_VTYPE_TIMESTAMP.</summary>
    Timestamp = 8,

    /// <summary>RD_KAFKA_VTYPE_HEADERS.</summary>
    Headers = 10,
}
