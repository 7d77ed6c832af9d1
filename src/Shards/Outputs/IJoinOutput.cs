using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Shards.Outputs;

/// <summary>Takes what a join puts out, in order. The views are valid during the call only.</summary>
interface IJoinOutput
{
    /// <summary>A joined or unmatched row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="supersedes">
    /// The rows whose place it takes: of a <see cref="RowKind.Repaired"/> one, at least one.
    /// </param>
    /// <returns>What names it, so that a later row can take its place.</returns>
    RowId Row(in JoinRow row, RowKind kind, ReadOnlySpan<RowId> supersedes = default);

    /// <summary>A copy of a late record, or of one whose id was seen with another time.</summary>
    void Late(Side side, int source, in RecordView record, RowKind kind, in LateReason reason);
}
