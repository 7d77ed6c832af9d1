
namespace AkkaJoin.Shards.KeyGroups;

/// <summary>The limits of a key group.</summary>
/// <param name="EventBytesMax">
/// The most bytes of batches in one journal event, but for a single message that is larger.
/// </param>
/// <param name="PendingBytesMax">
/// The most bytes that wait for the journal; what comes above it is not taken and will be sent again.
/// </param>
/// <param name="UnconfirmedBytesMax">
/// The most bytes of outputs that wait for the broker; above it nothing more is journaled.
/// </param>
/// <param name="SnapshotBytesMin">The least journal since the last snapshot that is worth another, bytes.</param>
/// <param name="SnapshotSegmentBytes">
/// About the bytes of a snapshot's segment. All nodes must have the same: see SnapshotWriter.
/// </param>
/// <param name="RecoveryReadMax">
/// How many times the bytes of the live state a recovery may read before a snapshot is due.
/// </param>
/// <param name="WakeRowsMax">About how many rows a step of a join that wakes makes due.</param>
sealed record KeyGroupLimits(
    int EventBytesMax = 1 << 20, int PendingBytesMax = 8 << 20, int UnconfirmedBytesMax = 8 << 20, int SnapshotBytesMin = 1 << 20,
    int SnapshotSegmentBytes = 1 << 20, double RecoveryReadMax = 2, int WakeRowsMax = 10_000);
