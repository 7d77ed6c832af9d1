namespace AkkaJoin.Host.Chaos;

/// <summary>One fault of a <see cref="FaultPlan"/>.</summary>
/// <param name="AtSeconds">When it is due, from the start of the faults; later where its target is not ready yet.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Node">To which node, from 0; of no meaning where the broker or the database is meant.</param>
/// <param name="FrozenSeconds">How long a frozen node stays so; 0 for the others.</param>
/// <param name="Early">Whether a kill does not wait until the node runs: it may hit one that is still recovering.</param>
sealed record Fault(double AtSeconds, FaultKind Kind, int Node, double FrozenSeconds = 0, bool Early = false)
{
    /// <summary>Whether a node is the target.</summary>
    internal bool HitsNode => Kind is FaultKind.Kill or FaultKind.Freeze or FaultKind.Stop;
}
