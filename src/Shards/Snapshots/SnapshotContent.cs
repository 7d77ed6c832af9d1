using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Partitions;

namespace AkkaJoin.Shards.Snapshots;

/// <summary>What a snapshot says of a key group beside its buffered records.</summary>
sealed record SnapshotHead
{
    /// <summary>The last event applied.</summary>
    internal required long Sequence { get; init; }

    /// <summary>Who wrote that event, as the first part of the ids of its rows.</summary>
    internal required string IncarnationText { get; init; }

    /// <summary>Who wrote which event.</summary>
    internal required IncarnationHistory History { get; init; }

    /// <summary>The last confirmed event.</summary>
    internal required long LastConfirmed { get; init; }

    /// <summary>The definition as journaled.</summary>
    internal required JoinDefinition Definition { get; init; }

    /// <summary>The applied offset and the watermark of each partition.</summary>
    internal required PartitionClocks Clocks { get; init; }

    /// <summary>Where rows are repaired, below what a record is late (<see cref="JoinState.Horizon"/>).</summary>
    internal SideWatermarks Horizon { get; init; } = SideWatermarks.Unknown;

    /// <summary>Rows that the broker has not acknowledged, oldest event first.</summary>
    internal required IReadOnlyCollection<UnconfirmedOutputs> Unconfirmed { get; init; }

    /// <summary>No unconfirmed row lies below it in the output topics. Null = not known.</summary>
    internal OutputPositions? OutputsFrom { get; init; }

    /// <summary>What became of the left records.</summary>
    internal required SideLedger Left { get; init; }

    /// <summary>What became of the right records.</summary>
    internal required SideLedger Right { get; init; }
}

/// <summary>A snapshot that was read, but for its records.</summary>
/// <param name="Head">What it says beside the records.</param>
/// <param name="Segments">The segments that have the records; empty where they are in the snapshot itself.</param>
/// <param name="StatePosition">Where in the snapshot the records begin, if they are there.</param>
sealed record SnapshotContent(SnapshotHead Head, IReadOnlyList<SnapshotSegment> Segments, int StatePosition);

/// <summary>What the manifest says of a segment.</summary>
/// <param name="Length">Its bytes.</param>
/// <param name="Crc">Their CRC-32.</param>
readonly record struct SnapshotSegment(int Length, uint Crc)
{
    internal static SnapshotSegment Of(ReadOnlySpan<byte> bytes) => new(bytes.Length, System.IO.Hashing.Crc32.HashToUInt32(bytes));
}
