namespace AkkaJoin.Pipeline.Settings;

/// <summary>Where the journal and the snapshots live.</summary>
public sealed record JournalSettings
{
    /// <summary>"sqlite" or "postgresql".</summary>
    public string Kind { get; init; } = "sqlite";

    /// <summary>The directory of the SQLite files.</summary>
    public string SqliteDirectory { get; init; } = "./akkajoin-data";
}
