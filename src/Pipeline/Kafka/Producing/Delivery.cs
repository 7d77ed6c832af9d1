using System.Runtime.InteropServices;
using AkkaJoin.Pipeline.Kafka.Native;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>
/// Who is told what became of records. One may stand for many records; it is held from its first record on, until it lets go of itself.
/// </summary>
abstract class Delivery
{
    GCHandle _handle;

    /// <summary>What stands behind a record in the producer.</summary>
    internal nint Opaque => GCHandle.ToIntPtr(_handle);

    internal static Delivery Of(nint opaque) => (Delivery)GCHandle.FromIntPtr(opaque).Target!;

    /// <summary>Before its first record.</summary>
    internal void Hold() => _handle = GCHandle.Alloc(this);

    /// <summary>After the report of its last record.</summary>
    internal void LetGo() => _handle.Free();

    /// <summary>
    /// The producer's thread: the broker acknowledged a record, or refused it for good, or the producer closed (<c>Local_PurgeQueue</c>, <c>Local_PurgeInflight</c>). May
    /// not throw.
    /// </summary>
    internal abstract unsafe void Reported(string topic, NativeMessage* record);
}
