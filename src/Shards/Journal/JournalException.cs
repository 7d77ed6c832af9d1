namespace AkkaJoin.Shards.Journal;

/// <summary>The journal cannot be used; the message says which file or database, why, and what to do.</summary>
public class JournalException : Exception
{
    /// <summary>Says which journal, why, and what to do.</summary>
    public JournalException(string message)
        : base(message)
    {
    }

    /// <summary>Says which journal, why, and what to do.</summary>
    public JournalException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>The journal cannot be used.</summary>
    public JournalException()
        : base("the journal cannot be used")
    {
    }
}
