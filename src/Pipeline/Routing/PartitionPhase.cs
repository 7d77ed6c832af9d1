namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// Where a source partition is in its life in the router.
/// <code>
///             assigned
///                |
///                v    every key group has answered
///             Asking ------------------------------> Reading --.   read again: a key group lacks
///                |                                    |  |  ^  |   what it had acknowledged
///                | revoked, lost              revoked |  |  '--'
///                |                                    v  |
///                |                              Revoked  | lost
///                |                                    |  |
///                v                                    v  v
///               gone ----------------------------------------
/// </code>
/// A revoked partition goes with an offset to commit once nothing of it is in flight. It goes without one when it is
/// lost before that, or when a key group's journal was rolled back.
/// <para>
/// Three ways out of this map fail the join. A key group does not know the partition, and nobody knows its origin (from
/// Asking). The log no longer holds the offset to read from (from Asking, or when it is to be read again). A key group
/// forgot the partition while it was read.
/// </para>
/// <para>
/// While it is Reading, a partition may be paused: <see cref="PauseReason"/>.
/// </para>
/// </summary>
enum PartitionPhase
{
    /// <summary>Assigned: every key group is asked how far it is, and told the origin. Nothing is read yet.</summary>
    Asking,

    /// <summary>Records are read.</summary>
    Reading,

    /// <summary>Another consumer gets it. What is in flight is still waited for.</summary>
    Revoked,
}

/// <summary>Why a partition is not read on.</summary>
enum PauseReason
{
    /// <summary>It is.</summary>
    None,

    /// <summary>So many bytes that were read of it are not acknowledged by the key groups.</summary>
    InFlightBytes,

    /// <summary>It is too far ahead of the slowest partition in event time.</summary>
    Alignment,

    /// <summary>Its dead letters wait for the broker.</summary>
    DeadLetters,

    /// <summary>Somebody asked that its side is not read.</summary>
    Order,

    /// <summary>The join reads as many records per second as it may.</summary>
    Rate,

    /// <summary>The other side was paused, is read again, and is behind it in event time.</summary>
    Returning,
}
