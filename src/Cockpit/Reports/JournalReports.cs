namespace AkkaJoin.Cockpit.Reports;

/// <summary>What the journal has of each key group, as the key groups tell.</summary>
/// <param name="Groups">In the order of joins and key groups.</param>
sealed record JournalReport(IReadOnlyList<GroupJournalReport> Groups)
{
    /// <summary>The bytes of all that answered.</summary>
    public long Bytes => Groups.Sum(group => group.Bytes ?? 0);
}

/// <summary>What the journal has of a key group. Of one that does not answer only its state is known.</summary>
/// <param name="Join">The join.</param>
/// <param name="Group">The key group.</param>
/// <param name="State">What it does.</param>
/// <param name="Sequence">The last event.</param>
/// <param name="Events">Events since the last snapshot, which a recovery would read.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Snapshot">The newest snapshot; null = none yet.</param>
sealed record GroupJournalReport(
    string Join, int Group, KeyGroupState State, long? Sequence, long? Events, long? Bytes, SnapshotReport? Snapshot);

/// <summary>The newest snapshot of each key group.</summary>
/// <param name="Snapshots">The oldest first; key groups without one are last.</param>
sealed record SnapshotsReport(IReadOnlyList<GroupSnapshotReport> Snapshots);

/// <summary>The newest snapshot of a key group.</summary>
/// <param name="Join">The join.</param>
/// <param name="Group">The key group.</param>
/// <param name="Snapshot">The snapshot; null = none yet, or the key group does not answer.</param>
/// <param name="AgeSeconds">How old it is, by the clock of the answering node.</param>
sealed record GroupSnapshotReport(string Join, int Group, SnapshotReport? Snapshot, double? AgeSeconds);
