using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Memory;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Serialization;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>What a <see cref="Router"/> needs to know of its join.</summary>
/// <param name="Groups">The number of key groups.</param>
/// <param name="MaxOutOfOrdernessMs">How far watermarks stay below the highest event time, ms.</param>
/// <param name="Flow">The limits.</param>
/// <param name="MaxDriftMs">How far a partition may be ahead of the slowest in event time, ms; null = unlimited.</param>
/// <param name="Join">The join's name, for metrics.</param>
sealed record RouterSettings(int Groups, long MaxOutOfOrdernessMs, FlowSettings Flow, long? MaxDriftMs = null, string Join = "")
{
    /// <summary>Looks at the memory that the process holds.</summary>
    internal Func<MemoryLevel> Memory { get; init; } = static () => MemoryLevel.Normal;

    /// <summary>Tells how often the fields of <c>output.select</c> were missing in rows that were made here.</summary>
    internal Func<IReadOnlyList<FieldCount>> SelectedFields { get; init; } = static () => [];

    /// <summary>The format to write batches and messages in, as the members of the cluster announce it now: see <see cref="FormatVersions"/>.</summary>
    internal Func<byte> FormatVersion { get; init; } = static () => FormatVersions.Newest;
}
