namespace AkkaJoin.Shards.Protocol;

/// <summary>
/// What a node of format 1 says when it finds the journal to be older than the committed offsets. It is read and nothing comes of it: whatever a key group
/// writes from then on has its incarnation in its id.
/// </summary>
/// <param name="Group">The key group.</param>
/// <param name="JournalId">The journal's new id.</param>
sealed record RenewJournal(int Group, string JournalId) : IGroupMessage;
