namespace AkkaJoin.Host.Chaos;

/// <summary>What a <see cref="FaultPlan"/> is made of.</summary>
/// <param name="Seed">The same seed gives the same faults.</param>
/// <param name="Seconds">How long the run is to last.</param>
/// <param name="PerMinute">Faults a minute.</param>
/// <param name="Nodes">The number of nodes.</param>
sealed record FaultPlanRequest(int Seed, double Seconds, double PerMinute, int Nodes)
{
    /// <summary>How often the run was resumed: each part has faults of its own.</summary>
    internal int Part { get; init; }

    /// <summary>Whether the broker is ours to kill.</summary>
    internal bool Kafka { get; init; }

    /// <summary>Whether the database is ours to kill.</summary>
    internal bool Postgresql { get; init; }
}
