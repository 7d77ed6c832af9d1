using System.Runtime.InteropServices;

namespace AkkaJoin.Pipeline.Kafka.Native;

/// <summary>A record that is to be produced. The producer copies it, but for a value that stays pinned.</summary>
readonly ref struct OutgoingRecord
{
    internal ReadOnlySpan<byte> Key { get; init; }

    internal bool KeyIsNull { get; init; }

    internal ReadOnlySpan<byte> Value { get; init; }

    internal bool ValueIsNull { get; init; }

    /// <summary>Whether the value stays where it is, pinned, until the report: then it is not copied.</summary>
    internal bool ValueIsPinned { get; init; }

    /// <summary>They belong to the producer once it has taken the record.</summary>
    internal NativeHeaders Headers { get; init; }

    /// <summary>ms since the epoch; not above 0 = the time at which it is produced.</summary>
    internal long TimestampMs { get; init; }
}

/// <summary>
/// Hears what became of records. One may stand for many records. The garbage collector leaves it alone from
/// <see cref="AllocateHandle"/> to <see cref="FreeHandle"/>, since librdkafka alone knows of it meanwhile.
/// </summary>
abstract class Delivery
{
    GCHandle _handle;

    /// <summary>What stands behind a record in the producer.</summary>
    internal nint Opaque => GCHandle.ToIntPtr(_handle);

    internal static Delivery Of(nint opaque) => (Delivery)GCHandle.FromIntPtr(opaque).Target!;

    /// <summary>To be called before its first record: keeps this object alive for the producer.</summary>
    internal void AllocateHandle() => _handle = GCHandle.Alloc(this);

    /// <summary>To be called after the report of its last record.</summary>
    internal void FreeHandle() => _handle.Free();

    /// <summary>
    /// On the producer's thread: the broker acknowledged a record, or refused it for good, or the producer closed
    /// (<c>Local_PurgeQueue</c>, <c>Local_PurgeInflight</c>). May not throw.
    /// </summary>
    internal abstract unsafe void Reported(string topic, NativeMessage* record);
}
