namespace AkkaJoin.Bench.CatchUp;

/// <summary>A backlog against the same load as it would have come.</summary>
/// <param name="Steady">The most held while the load came bit by bit.</param>
/// <param name="CatchUp">The most held while an hour of it was caught up.</param>
/// <param name="LateLive">Copies in the late topic of the former.</param>
/// <param name="Late">And of the latter.</param>
/// <param name="Seconds">How long the latter took.</param>
sealed record CatchUpFigures(StatePeak Steady, StatePeak CatchUp, long LateLive, long Late, double Seconds)
{
    /// <summary>Records held, in terms of the steady state.</summary>
    public double Records => (double)CatchUp.Records / Steady.Records;

    /// <summary>Bytes held, in terms of the steady state.</summary>
    public double Bytes => (double)CatchUp.Bytes / Steady.Bytes;
}
