namespace AkkaJoin.Bench.State;

/// <summary>What a key with very many partners costs.</summary>
/// <param name="HotNs">A record of it, ns.</param>
/// <param name="ColdNs">A record of a key with one, ns.</param>
sealed record HotKeyResult(double HotNs, double ColdNs)
{
    /// <summary>The former in terms of the latter.</summary>
    public double Ratio => HotNs / ColdNs;
}
