using AkkaJoin.Shards.Join;

namespace AkkaJoin.Shards.Protocol;

/// <summary>A key group as it is now. The order on the wire is that of <c>ShardsSerializer.WriteStatus</c>.</summary>
/// <param name="Group">The key group.</param>
sealed record KeyGroupStatus(int Group) : IWireMessage
{
    /// <summary>The sequence number of the last event.</summary>
    internal required long Sequence { get; init; }

    /// <summary>The last event up to which the broker has acknowledged every row.</summary>
    internal required long LastConfirmed { get; init; }

    /// <summary>The left side's ledger.</summary>
    internal required SideLedger Left { get; init; }

    /// <summary>The right side's ledger.</summary>
    internal required SideLedger Right { get; init; }

    /// <summary>The left side's watermark, ms since the epoch, or <see cref="SideWatermarks.None"/>.</summary>
    internal required long LeftWatermark { get; init; }

    /// <summary>The right side's watermark, ms since the epoch, or <see cref="SideWatermarks.None"/>.</summary>
    internal required long RightWatermark { get; init; }

    /// <summary>The left partition that holds its side's watermark back, as text.</summary>
    internal required string LeftHolder { get; init; }

    /// <summary>The right partition that holds its side's watermark back, as text.</summary>
    internal required string RightHolder { get; init; }

    /// <summary>How many records are buffered.</summary>
    internal required int Buffered { get; init; }

    /// <summary>Bytes of the buffered records.</summary>
    internal required long StateBytes { get; init; }

    /// <summary>Bytes journaled since the last snapshot.</summary>
    internal required long JournalBytes { get; init; }

    /// <summary>The left watermark at which the last row comes due, or <see cref="SideWatermarks.None"/>.</summary>
    internal required long LeftWatermarkThatCloses { get; init; }

    /// <summary>The right watermark at which the last row comes due, or <see cref="SideWatermarks.None"/>.</summary>
    internal required long RightWatermarkThatCloses { get; init; }

    /// <summary>Whether nothing waits for the journal or for the broker.</summary>
    internal required bool IsIdle { get; init; }

    /// <summary>Rows that this incarnation put out.</summary>
    internal required long Rows { get; init; }

    /// <summary>Copies for the late topic that this incarnation put out.</summary>
    internal required long LateCopies { get; init; }

    /// <summary>Events that this incarnation journaled.</summary>
    internal required long Events { get; init; }

    /// <summary>Events whose rows the broker has not acknowledged.</summary>
    internal required int Unconfirmed { get; init; }

    /// <summary>The applied offset of each partition that the group has heard of.</summary>
    internal required AppliedPartition[] Applied { get; init; }

    /// <summary>The node that the group runs on, as an address.</summary>
    internal string Node { get; init; } = "";

    /// <summary>The last event in the newest snapshot; 0 = there is none.</summary>
    internal long SnapshotSequence { get; init; }

    /// <summary>When the newest snapshot was saved, ms since the epoch by the wall clock; 0 = there is none.</summary>
    internal long SnapshotTimeMs { get; init; }
}
