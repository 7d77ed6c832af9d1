namespace AkkaJoin.Host.Chaos;

/// <summary>What all parts of one run have in common; in the first line of the timeline.</summary>
/// <param name="Seed">Of faults and workload.</param>
/// <param name="Join">The user's join.</param>
/// <param name="StartMs">The event time of the first event, ms since the epoch.</param>
/// <param name="StepMs">Event time between two events, ms.</param>
/// <param name="Keys">How many keys the made workload has.</param>
/// <param name="Nodes">How many nodes.</param>
/// <param name="Input">The files that are fed, or null.</param>
sealed record RunIdentity(int Seed, string Join, long StartMs, double StepMs, long Keys, int Nodes, string[]? Input)
{
    /// <summary>The name of the join, and what the names of its topics and of its group begin with.</summary>
    public string Name => $"akkajoin-chaos-{Seed}";
}
