namespace AkkaJoin.Host.Chaos;

/// <summary>What chaos does to a process that it started.</summary>
enum FaultKind
{
    /// <summary>SIGKILL to a node.</summary>
    Kill,

    /// <summary>SIGSTOP to a node, and SIGCONT later: beyond the session time-out it wakes as a zombie, whose work others have.</summary>
    Freeze,

    /// <summary>SIGTERM to a node, which drains and is started again: one step of a rolling restart.</summary>
    Stop,

    /// <summary>SIGKILL to the broker.</summary>
    KafkaKill,

    /// <summary>SIGKILL to the database's first process.</summary>
    PostgresqlKill,

    /// <summary>An immediate shutdown of the database (SIGQUIT): no checkpoint, recovery at the next start.</summary>
    PostgresqlCrash,
}
