namespace AkkaJoin.Cockpit.Logs;

/// <summary>The last entries of a node's log. Thread safe.</summary>
sealed class LogRing
{
    /// <summary>The most entries that are kept.</summary>
    internal const int EntriesMax = 1_000;
    readonly Queue<LogEntry> _entries = new(EntriesMax);

    /// <summary>Keeps an entry, and forgets the oldest one where there are too many.</summary>
    internal void Add(LogEntry entry)
    {
        lock (_entries)
        {
            if (_entries.Count == EntriesMax)
                _entries.Dequeue();
            _entries.Enqueue(entry);
        }
    }

    /// <summary>What is kept, the oldest first.</summary>
    internal IReadOnlyList<LogEntry> Entries()
    {
        lock (_entries)
            return [.. _entries];
    }
}
