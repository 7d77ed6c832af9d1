using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Journal.Postgresql;
using AkkaJoin.Shards.Journal.Sqlite;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>Opens the journal that the configuration names.</summary>
static class JournalOpener
{
    /// <summary>Opens the journal for a node, and makes it where there is none.</summary>
    /// <exception cref="JournalException">It cannot be opened, or another process has it for itself.</exception>
    internal static JoinJournal Open(JournalSettings settings)
    {
        JoinJournal journal = settings.Postgresql is { } postgresql
            ? PostgresJournal.Open(postgresql, settings.Limits)
            : SqliteJournal.Open(settings.SqliteDirectory, settings.Limits);
        journal.Clock.ReadIntervalMs = settings.ClockIntervalMs;
        return journal;
    }

    /// <summary>Finds out what <see cref="Open"/> would find, and makes nothing.</summary>
    /// <exception cref="JournalException">A start would be refused.</exception>
    internal static JournalProbe Probe(JournalSettings settings) =>
        settings.Postgresql is { } postgresql ? PostgresJournal.Probe(postgresql) : SqliteJournal.Probe(settings.SqliteDirectory);

    /// <summary>
    /// Opens the catalog for reading beside the processes that use it; null where there is no journal.
    /// </summary>
    /// <exception cref="JournalException">It cannot be read.</exception>
    internal static JoinJournal? OpenForReading(JournalSettings settings) =>
        settings.Postgresql is { } postgresql
            ? PostgresJournal.OpenForReading(postgresql)
            : SqliteJournal.OpenForReading(settings.SqliteDirectory);
}
