namespace AkkaJoin.Simulation.World;

/// <summary>Planted bugs of what stands around the real code: the model of the journal, and the shell of a key group.</summary>
enum Flaw
{
    None,

    /// <summary>The journal takes any number that is not there yet.</summary>
    NoFence,

    /// <summary>The shell takes rows for acknowledged when it sends them.</summary>
    ConfirmsBeforeTheBroker,

    /// <summary>The shell deletes the journal before the snapshot is durable.</summary>
    DeletesTheJournalBeforeTheSnapshot,

    /// <summary>The shell saves the manifest of a snapshot before its last chunk is durable.</summary>
    SavesTheManifestBeforeItsLastChunk,

    /// <summary>The shell takes a persist that failed for one that worked.</summary>
    IgnoresFailedPersists,
}
