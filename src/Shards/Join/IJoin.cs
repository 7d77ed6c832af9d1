using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// The join of one key group: records in, rows out. It is a deterministic state machine without clock, I/O or actor.
/// <para>
/// An event of the journal is applied in this order: <see cref="JoinState.StartEvent"/>; <see cref="Add"/> for each
/// record, which is compared with the watermarks that the event before it left; <see cref="Advance"/> with the new
/// watermarks.
/// </para>
/// </summary>
interface IJoin
{
    /// <summary>The buffered records, and what the kinds of join have in common.</summary>
    JoinState State { get; }

    /// <summary>The join of a definition, without records.</summary>
    static IJoin Create(JoinDefinition definition, SlabPool pool) =>
        definition.Type == JoinType.Attribution ? new AttributionJoin(definition, pool) : new PairJoin(definition, pool);

    /// <summary>Takes in one record of the event.</summary>
    /// <param name="batch">Where its batch begins in the event's bytes.</param>
    /// <param name="position">Where the record begins.</param>
    /// <param name="header">The batch's head.</param>
    /// <param name="record">The record.</param>
    /// <param name="output">Takes the rows.</param>
    void Add(int batch, int position, in BatchHeader header, in RecordView record, IJoinOutput output);

    /// <summary>Ends the event: the new watermarks, the rows that they make due, expiry.</summary>
    /// <param name="watermarks">Of both sides; neither goes back.</param>
    /// <param name="output">Takes the rows.</param>
    /// <param name="exactLedger">
    /// Whether the ledger is to be exact afterwards, as at the end of the input. Otherwise a record that has no row to
    /// come counts as waiting until the last window of its time bucket has closed: to look for such records in each
    /// event would cost more than the join.
    /// </param>
    void Advance(in SideWatermarks watermarks, IJoinOutput output, bool exactLedger = false);
}
