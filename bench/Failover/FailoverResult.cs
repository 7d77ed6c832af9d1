using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Failover;

/// <summary>The figures of some kills.</summary>
sealed record FailoverResult
{
    public required Machine Machine { get; init; }

    public required string Broker { get; init; }

    public required FailoverOptions Options { get; init; }

    public required IReadOnlyList<KillFigures> Kills { get; init; }
}
