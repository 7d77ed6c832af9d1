using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Join;

/// <summary>Takes what <see cref="IntervalJoin"/> puts out, in order. The views are valid during the call only.</summary>
interface IJoinOutput
{
    /// <summary>A joined or unmatched row.</summary>
    void Row(in JoinRow row, RowKind kind);

    /// <summary>A copy of a late record, or of one whose id was seen with another time.</summary>
    void Late(Side side, int source, in RecordView record, RowKind kind, in LateReason reason);
}
