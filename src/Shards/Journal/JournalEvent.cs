namespace AkkaJoin.Shards.Journal;

/// <summary>One event of a key group's journal, in the form of <see cref="EventCodec"/>. The bytes are the state's memory too.</summary>
sealed record JournalEvent(byte[] Bytes);
