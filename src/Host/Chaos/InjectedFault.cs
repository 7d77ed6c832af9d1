namespace AkkaJoin.Host.Chaos;

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
