using AkkaJoin.Pipeline.Kafka.Native;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>A record that is to be produced; the producer copies it, its value only where nobody holds that.</summary>
readonly ref struct OutgoingRecord
{
    internal ReadOnlySpan<byte> Key { get; init; }

    internal bool KeyIsNull { get; init; }

    internal ReadOnlySpan<byte> Value { get; init; }

    internal bool ValueIsNull { get; init; }

    /// <summary>Whether the value stays where it is, pinned, until the report: then it is not copied.</summary>
    internal bool ValueIsHeld { get; init; }

    /// <summary>They belong to the producer once it has taken the record.</summary>
    internal NativeHeaders Headers { get; init; }

    /// <summary>ms since the epoch; not above 0 = the time at which it is produced.</summary>
    internal long TimestampMs { get; init; }
}
