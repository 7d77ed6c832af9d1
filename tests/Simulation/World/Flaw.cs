namespace AkkaJoin.Simulation.World;

/// <summary>Planted bugs of what stands around the real code.</summary>
enum Flaw
{
    None,

    /// <summary>The journal takes any number that is not there yet.</summary>
    NoFence,

    /// <summary>The fence compares numbers, and not who wrote the newest event.</summary>
    NumbersAlone,

    /// <summary>The database takes snapshots and chunks of events that are not in the journal.</summary>
    OldSnapshots,

    /// <summary>The database deletes what no newer snapshot makes superfluous.</summary>
    OldDeletions,

    /// <summary>The sink says that the broker has rows when it gets them.</summary>
    ConfirmsBeforeTheBroker,

    /// <summary>Whoever writes snapshots saves the manifest of a snapshot before its last chunk is durable.</summary>
    SavesTheManifestBeforeItsLastSegment,

    /// <summary>Akka.Persistence takes a persist that failed for one that worked.</summary>
    IgnoresFailedPersists,
}
