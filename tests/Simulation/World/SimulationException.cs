namespace AkkaJoin.Simulation.World;

/// <summary>Something that must hold does not.</summary>
sealed class SimulationException : Exception
{
    public SimulationException(string message)
        : base(message)
    {
    }

    public SimulationException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public SimulationException()
    {
    }
}
