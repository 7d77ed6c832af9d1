using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Memory;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>What a <see cref="Router"/> needs to know of its join.</summary>
/// <param name="Groups">The number of key groups.</param>
/// <param name="MaxOutOfOrdernessMs">How far watermarks stay below the highest event time, ms.</param>
/// <param name="Flow">The limits.</param>
/// <param name="MaxDriftMs">
/// How far a partition may be ahead of the slowest in event time, ms; null = unlimited.
/// </param>
/// <param name="Join">The join's name, for metrics.</param>
sealed record RouterSettings(int Groups, long MaxOutOfOrdernessMs, FlowSettings Flow, long? MaxDriftMs = null, string Join = "")
{
    /// <summary>Whether each partition is read to the end that it had at the start, and no further.</summary>
    internal bool IsBounded { get; init; }

    /// <summary>What idle partitions do to time.</summary>
    internal IdlePolicy Idle { get; init; } = IdlePolicy.Wait;

    /// <summary>How long a partition is silent before it is idle, ms.</summary>
    internal long IdleTimeoutMs { get; init; } = 60_000;

    /// <summary>What a jump of time is; null = nothing is one.</summary>
    internal JumpLimit? Jumps { get; init; }

    /// <summary>Which event times are taken.</summary>
    internal EventTimeLimits Times { get; init; } = EventTimeLimits.None;

    /// <summary>How many source partitions there are, on all nodes; 0 = not known.</summary>
    internal int SourcePartitions { get; init; }

    /// <summary>
    /// Records per second that all nodes together may read, where nobody asked for another; 0 = unlimited.
    /// </summary>
    internal long RecordsPerSecondMax { get; init; }

    /// <summary>Looks at the memory that the process holds.</summary>
    internal Func<MemoryLevel> Memory { get; init; } = static () => MemoryLevel.Normal;

    /// <summary>Tells how often the fields of <c>output.select</c> were missing in rows that were made here.</summary>
    internal Func<IReadOnlyList<FieldCount>> SelectedFields { get; init; } = static () => [];

    /// <summary>
    /// The format to write batches and messages in, as the members of the cluster announce it now: see
    /// <see cref="FormatVersions"/>.
    /// </summary>
    internal Func<byte> FormatVersion { get; init; } = static () => FormatVersions.Newest;
}
