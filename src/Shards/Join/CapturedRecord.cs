using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Shards.Join;

/// <summary>A record of a <see cref="SideCapture"/>.</summary>
/// <param name="Slab">What it lies in.</param>
/// <param name="HeaderPosition">Where the head of its batch stands.</param>
/// <param name="Position">Where it stands.</param>
/// <param name="Flags">What it had been through.</param>
readonly record struct CapturedRecord(Slab Slab, int HeaderPosition, int Position, EntryFlags Flags);
