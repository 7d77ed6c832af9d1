namespace AkkaJoin.Pipeline.Routing;

/// <summary>What became of the records that were read for one side: each has one fate.</summary>
/// <param name="Routed">Those that went to a key group.</param>
/// <param name="DeadLettered">Those that could not be decoded.</param>
/// <param name="Filtered">Those that the side's filter left out.</param>
readonly record struct SideFates(long Routed, long DeadLettered, long Filtered)
{
    /// <summary>All that were read.</summary>
    internal long Consumed => Routed + DeadLettered + Filtered;

    public static SideFates operator +(SideFates a, SideFates b) =>
        new(a.Routed + b.Routed, a.DeadLettered + b.DeadLettered, a.Filtered + b.Filtered);
}
