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
