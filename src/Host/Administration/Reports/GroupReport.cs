namespace AkkaJoin.Host.Administration.Reports;

/// <summary>A key group. Of one that does not run only the first three are known.</summary>
/// <param name="Group">Its number.</param>
/// <param name="Node">The address of the node that it lives on, or null.</param>
/// <param name="State">What it does.</param>
/// <param name="Sequence">The last event.</param>
/// <param name="ConfirmedThrough">The last event whose rows are all in the output topic, with all before it.</param>
/// <param name="Unconfirmed">Events whose rows the broker has not acknowledged.</param>
/// <param name="Lag">Records of the source partitions that it does not cover yet, of all keys; null where Kafka does not answer.</param>
/// <param name="Held">Records held.</param>
/// <param name="Resting">Records held that have no partner yet.</param>
/// <param name="StateBytes">Bytes held.</param>
/// <param name="JournalBytes">Bytes journaled since the last snapshot.</param>
/// <param name="Snapshot">The newest snapshot; null = none yet.</param>
/// <param name="Left">The left side's time.</param>
/// <param name="Right">The right side's time.</param>
sealed record GroupReport(
    int Group,
    string? Node,
    GroupState State,
    long? Sequence = null,
    long? ConfirmedThrough = null,
    int? Unconfirmed = null,
    long? Lag = null,
    int? Held = null,
    long? Resting = null,
    long? StateBytes = null,
    long? JournalBytes = null,
    SnapshotReport? Snapshot = null,
    WatermarkReport? Left = null,
    WatermarkReport? Right = null);
