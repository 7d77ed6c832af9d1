namespace AkkaJoin.Bench.State;

/// <summary>What the event costs in which a side that was silent for hours speaks again.</summary>
/// <param name="Ms">With <see cref="SilentSideBenchmark.Buckets"/> time buckets that go, ms.</param>
/// <param name="TwiceMs">With twice as many, ms.</param>
sealed record SilentSideResult(double Ms, double TwiceMs)
{
    /// <summary>The latter in terms of the former.</summary>
    public double Ratio => TwiceMs / Ms;
}
