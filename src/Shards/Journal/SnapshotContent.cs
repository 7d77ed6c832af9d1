using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Journal;

/// <summary>What a snapshot says before the records, and where they are: in chunks, or in itself.</summary>
sealed record SnapshotContent(
    long Sequence,
    string IncarnationText,
    IncarnationHistory History,
    long ConfirmedThrough,
    JoinDefinition Definition,
    PartitionClocks Clocks,
    IReadOnlyList<UnconfirmedOutputs> Unconfirmed,
    OutputPositions? OutputsFrom,
    SideLedger Left,
    SideLedger Right,
    IReadOnlyList<SnapshotChunk> Chunks,
    int StatePosition);
