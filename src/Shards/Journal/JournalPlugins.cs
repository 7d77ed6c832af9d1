namespace AkkaJoin.Shards.Journal;

/// <summary>The ids of the Akka.Persistence plugins that key groups write with, whatever the database.</summary>
public static class JournalPlugins
{
    /// <summary>The id of the journal plugin.</summary>
    public const string JournalId = "akka.persistence.journal.akkajoin";

    /// <summary>The id of the snapshot plugin.</summary>
    public const string SnapshotId = "akka.persistence.snapshot-store.akkajoin";
}
