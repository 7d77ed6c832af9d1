namespace AkkaJoin.Host.Chaos;

/// <summary>One fault of a <see cref="FaultPlan"/>.</summary>
/// <param name="AtSeconds">
/// When it is due, from the start of the faults; later where its target is not ready yet.
/// </param>
/// <param name="Kind">What is done.</param>
/// <param name="Node">To which node, from 0; of no meaning where the broker or the database is meant.</param>
/// <param name="FrozenSeconds">How long a frozen node stays so; 0 for the others.</param>
/// <param name="Early">
/// Whether a kill does not wait until the node runs: it may hit one that is still recovering.
/// </param>
sealed record Fault(double AtSeconds, FaultKind Kind, int Node, double FrozenSeconds = 0, bool Early = false)
{
    /// <summary>Whether a node is the target.</summary>
    internal bool HitsNode => Kind is FaultKind.Kill or FaultKind.Freeze or FaultKind.Stop;
}

/// <summary>What chaos does to a process that it started.</summary>
enum FaultKind
{
    /// <summary>SIGKILL to a node.</summary>
    Kill,

    /// <summary>
    /// SIGSTOP to a node, and SIGCONT later: beyond the session time-out it wakes as a zombie, whose work others have.
    /// </summary>
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

/// <summary>A fault that was carried out.</summary>
/// <param name="Fault">As planned.</param>
/// <param name="AtMs">When, ms since the epoch.</param>
/// <param name="Whom">For people.</param>
sealed record InjectedFault(Fault Fault, long AtMs, string Whom)
{
    /// <summary>What it cost, once that is known.</summary>
    internal Silence? Silence { get; set; }

    /// <summary>When the frozen node was woken, ms since the epoch.</summary>
    internal long? WokenMs { get; set; }
}

/// <summary>A node was frozen from one moment to another.</summary>
/// <param name="AtMs">SIGSTOP, ms since the epoch.</param>
/// <param name="WokenMs">SIGCONT, ms since the epoch.</param>
sealed record Freeze(long AtMs, long WokenMs);
