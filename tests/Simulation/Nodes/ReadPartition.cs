namespace AkkaJoin.Simulation.Nodes;

/// <summary>A partition that a consumer has. Nothing is read before the router says where.</summary>
sealed class ReadPartition(int generation)
{
    internal int Generation { get; private set; } = generation;

    internal bool Reads { get; private set; }

    internal long Position { get; set; }

    /// <summary>Credit in use, bytes.</summary>
    internal long InFlight { get; set; }

    internal void Begin(int generation, long offset)
    {
        Generation = generation;
        Reads = true;
        Position = offset;
        InFlight = 0;
    }
}
