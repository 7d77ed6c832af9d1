namespace AkkaJoin.Shards.Journal;

/// <summary>A recovery found an event that does not follow on the one before.</summary>
/// <param name="message">Says where.</param>
/// <param name="next">The event that was found.</param>
sealed class JournalHoleException(string message, long next) : JournalException(message)
{
    /// <summary>The event that was found.</summary>
    internal long Next { get; } = next;
}
