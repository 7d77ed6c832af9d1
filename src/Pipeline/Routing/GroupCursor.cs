using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>How far one key group is with one partition, as its sender knows.</summary>
sealed class GroupCursor
{
    /// <summary>The records that wait to be sent; they begin at <see cref="NextFrom"/>.</summary>
    internal RecordBatchWriter Builder { get; } = new();

    /// <summary>Where the next batch begins: the end of the last one that was sent.</summary>
    internal long NextFrom { get; set; }

    /// <summary>Below it everything is journaled and its rows are out; -1 until the group answered for the first time.</summary>
    internal long Covered { get; set; } = -1;

    /// <summary>The ends of the batches sent and not acknowledged, ascending.</summary>
    internal Queue<long> Outstanding { get; } = new();

    /// <summary>Whether nothing of the partition waits for this group.</summary>
    internal bool IsClear => Outstanding.Count == 0 && Builder.Count == 0;
}
