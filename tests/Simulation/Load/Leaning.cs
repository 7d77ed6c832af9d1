namespace AkkaJoin.Simulation.Load;

/// <summary>
/// What a world has beside what its seed chooses. A bug that is rare in the worlds of all seeds is not in those that
/// lean to what meets it, however a change of the protocol shifts the random numbers.
/// </summary>
[Flags]
enum Leaning
{
    /// <summary>The seed chooses alone.</summary>
    None = 0,

    /// <summary>The journal and the catalogue are rolled back.</summary>
    Rollback = 1,

    /// <summary>Things still go wrong when the last record is long read.</summary>
    Aftermath = 2,

    /// <summary>Commits of offsets fail, or seem to.</summary>
    CommitFailures = 4,

    /// <summary>
    /// Time is closed as soon as the last record is taken in, while a slow journal lets more wait than an event holds.
    /// </summary>
    EarlyClose = 8,

    /// <summary>What is read is deleted, and nodes stand still meanwhile.</summary>
    Retention = 16,

    /// <summary>Records come late, and rows are repaired.</summary>
    Repair = 32,

    /// <summary>Time waits at jumps until they are borne out.</summary>
    Jumps = 64,

    /// <summary>Partitions fall silent for longer than the time-out, and time goes on with the clock.</summary>
    Silence = 128,

    /// <summary>People pause sides and let time rest, now and then.</summary>
    Rest = 256,
}
