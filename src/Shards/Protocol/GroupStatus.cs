using AkkaJoin.Shards.Join;

namespace AkkaJoin.Shards.Protocol;

/// <summary>A key group as it is now.</summary>
/// <param name="Group">The key group.</param>
/// <param name="Sequence">The sequence number of the last event.</param>
/// <param name="ConfirmedThrough">The last event whose rows are all acknowledged, with all before it.</param>
/// <param name="Left">The left side's ledger.</param>
/// <param name="Right">The right side's ledger.</param>
/// <param name="LeftWatermark">ms since the epoch.</param>
/// <param name="RightWatermark">ms since the epoch.</param>
/// <param name="LeftHolder">The left partition that holds its watermark back, as text.</param>
/// <param name="RightHolder">The right partition that holds its watermark back, as text.</param>
/// <param name="Held">Records held.</param>
/// <param name="StateBytes">Bytes held.</param>
/// <param name="JournalBytes">Bytes journaled since the last snapshot.</param>
/// <param name="CloseLeft">The least left watermark at which no row is held, or <see cref="SideWatermarks.None"/>.</param>
/// <param name="CloseRight">The least right watermark at which no row is held, or <see cref="SideWatermarks.None"/>.</param>
/// <param name="Idle">Whether nothing waits for the journal or for the broker.</param>
/// <param name="Rows">Rows that this incarnation put out.</param>
/// <param name="LateCopies">Copies for the late topic that this incarnation put out.</param>
/// <param name="Events">Events that this incarnation journaled.</param>
/// <param name="Unconfirmed">Events whose rows the broker has not acknowledged.</param>
/// <param name="Covered">How far each partition that the group has heard of is covered.</param>
sealed record GroupStatus(
    int Group,
    long Sequence,
    long ConfirmedThrough,
    SideLedger Left,
    SideLedger Right,
    long LeftWatermark,
    long RightWatermark,
    string LeftHolder,
    string RightHolder,
    int Held,
    long StateBytes,
    long JournalBytes,
    long CloseLeft,
    long CloseRight,
    bool Idle,
    long Rows,
    long LateCopies,
    long Events,
    int Unconfirmed,
    CoveredPartition[] Covered)
{
    /// <summary>The node that the group runs on, as an address.</summary>
    internal string Node { get; init; } = "";

    /// <summary>The last event in the newest snapshot; 0 = there is none.</summary>
    internal long SnapshotSequence { get; init; }

    /// <summary>When the newest snapshot was saved, ms since the epoch by the wall clock; 0 = there is none.</summary>
    internal long SnapshotTimeMs { get; init; }
}
