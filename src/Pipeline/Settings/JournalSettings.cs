using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Journal.Postgresql;

namespace AkkaJoin.Pipeline.Settings;

/// <summary>Where the journal and the snapshots live.</summary>
public sealed record JournalSettings
{
    /// <summary>The directory of the SQLite files.</summary>
    public string SqliteDirectory { get; init; } = "./akkajoin-data";

    /// <summary>The PostgreSQL database; null = SQLite.</summary>
    public PostgresOptions? Postgresql { get; init; }

    /// <summary>How much at once is asked of it.</summary>
    public JournalLimits Limits { get; init; } = JournalLimits.Default;
}
