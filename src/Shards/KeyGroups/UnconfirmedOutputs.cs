namespace AkkaJoin.Shards.KeyGroups;

/// <summary>The outputs of one event that the broker has not acknowledged.</summary>
sealed record UnconfirmedOutputs(long Sequence, string JournalId, byte[] Bytes);
