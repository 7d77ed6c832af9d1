namespace AkkaJoin.Simulation.Load;

/// <summary>What is deleted of the source logs while the join runs.</summary>
enum Retention
{
    None,

    /// <summary>Records that every committed offset is beyond: the join goes on.</summary>
    OfWhatIsRead,

    /// <summary>Records that nobody has read yet: the join must stop, or have them all.</summary>
    OfWhatIsNot,
}
