namespace AkkaJoin.Shards.Protocol;

/// <summary>
/// The journal was found to be older than the committed offsets. Output ids get a new first part, so that no id names two rows.
/// Answered by <see cref="GroupAck"/> without items.
/// </summary>
/// <param name="Group">The key group.</param>
/// <param name="JournalId">The new id.</param>
sealed record RenewJournal(int Group, string JournalId) : IGroupMessage;
