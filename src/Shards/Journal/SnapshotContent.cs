using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Journal;

/// <summary>What a snapshot says before the records.</summary>
sealed record SnapshotContent(
    long Sequence,
    string JournalId,
    long ConfirmedThrough,
    JoinDefinition Definition,
    PartitionClocks Clocks,
    IReadOnlyList<UnconfirmedOutputs> Unconfirmed,
    OutputPositions? OutputsFrom,
    int StatePosition);
