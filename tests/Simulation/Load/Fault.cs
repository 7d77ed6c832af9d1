namespace AkkaJoin.Simulation.Load;

/// <summary>What can go wrong. A seed chooses some of them.</summary>
enum Fault
{
    /// <summary>A key group's actor dies and is started again on its node.</summary>
    KeyGroupCrash,

    /// <summary>A node dies and comes back later.</summary>
    NodeCrash,

    /// <summary>A node stands still, and goes on with old beliefs.</summary>
    Freeze,

    /// <summary>A node sees no other node, but the journal and the broker.</summary>
    Isolate,

    /// <summary>A key group is handed over to another node.</summary>
    Move,

    /// <summary>A key group is started on a second node while the first goes on.</summary>
    Double,

    /// <summary>Partitions change their consumers.</summary>
    Rebalance,

    /// <summary>A consumer's session ends though it lives.</summary>
    SessionLost,

    /// <summary>The broker is away; acknowledgements are lost, and what was written is written again.</summary>
    BrokerRestart,

    /// <summary>The leader of an output partition is away: some rows are acknowledged long after later ones.</summary>
    SlowPartition,

    /// <summary>Writes to the journal fail, or seem to.</summary>
    JournalFailures,

    /// <summary>Some answers of the journal take long.</summary>
    SlowJournal,

    /// <summary>Commits of offsets fail, or seem to.</summary>
    CommitFailures,

    /// <summary>An older committed offset is found than was committed last.</summary>
    StaleOffsets,

    /// <summary>Messages between nodes are lost, doubled and reordered.</summary>
    BadNetwork,

    /// <summary>The journal and the catalogue are rolled back: a copy of them that is some time old is restored while everything runs on.</summary>
    Rollback,
}
