using System.Runtime.InteropServices;

namespace AkkaJoin.Pipeline.Kafka.Native;

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
