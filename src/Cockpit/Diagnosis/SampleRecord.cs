using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>
/// A record of a sample, as the join's decoder reads it. Two of them are equal only where they are one.
/// </summary>
sealed class SampleRecord
{
    /// <summary>Its partition.</summary>
    internal required int Partition { get; init; }

    /// <summary>Its offset.</summary>
    internal required long Offset { get; init; }

    /// <summary>What becomes of it.</summary>
    internal required SampleFate Fate { get; init; }

    /// <summary>Why it is a dead letter; empty where it is none.</summary>
    internal string Reason { get; init; } = "";

    /// <summary>The key in canonical form; null = it is null, or was not read.</summary>
    internal byte[]? Key { get; init; }

    /// <summary>The event time, ms since the epoch; null = it was not read.</summary>
    internal long? Time { get; init; }

    /// <summary>The id; null = there is none.</summary>
    internal byte[]? Id { get; init; }

    /// <summary>The fields that <c>where</c> reads.</summary>
    internal byte[] Fields { get; init; } = [];

    /// <summary>
    /// The event time as each time format would read it, by the format's number; null = that was not tried.
    /// </summary>
    internal long?[]? TimeReadings { get; init; }
}

/// <summary>What becomes of a record of a sample.</summary>
enum SampleFate
{
    /// <summary>It goes to a key group. Whether it finds a partner there is another question.</summary>
    Routed,

    /// <summary>The side's filter leaves it out.</summary>
    Filtered,

    /// <summary>It cannot be decoded.</summary>
    DeadLetter,
}

/// <summary>The sample of one side, decoded.</summary>
/// <param name="Side">The side.</param>
/// <param name="Source">Its settings.</param>
/// <param name="Records">The records; those of one partition in the order of their offsets.</param>
/// <param name="Counts">What was found and missing in them.</param>
/// <param name="Partitions">What was read of each partition.</param>
/// <param name="End">Why the sample has no more.</param>
sealed record SampledSide(
    Side Side,
    SourceSettings Source,
    IReadOnlyList<SampleRecord> Records,
    SideCounts Counts,
    IReadOnlyList<SampledPartition> Partitions,
    SampleEnd End)
{
    /// <summary>"left" or "right".</summary>
    internal string Name => Side == Side.Left ? "left" : "right";
}

/// <summary>What was read of a partition.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="Start">The first offset that it has.</param>
/// <param name="End">The offset after its last record.</param>
/// <param name="From">The first offset of the sample.</param>
sealed record SampledPartition(int Partition, long Start, long End, long From)
{
    /// <summary>Whether it has older records than the sample.</summary>
    internal bool HasOlder => From > Start;
}

/// <summary>Why a sample has no more records.</summary>
enum SampleEnd
{
    /// <summary>Every partition was read to its end, or to the end that was asked for.</summary>
    Complete,

    /// <summary>The limit of bytes.</summary>
    Bytes,

    /// <summary>The limit of seconds.</summary>
    Seconds,
}
