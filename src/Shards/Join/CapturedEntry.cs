namespace AkkaJoin.Shards.Join;

/// <summary>What a snapshot says of a <see cref="JoinEntry"/>: where its record lies, by the log's number of the slab, and what it has been through.</summary>
readonly record struct CapturedEntry(int Slab, int Position, EntryFlags Flags);
