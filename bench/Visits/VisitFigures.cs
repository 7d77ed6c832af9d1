using AkkaJoin.Bench.Live;
using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Visits;

/// <summary>What to measure.</summary>
/// <param name="Turns">How often the node runs without and with a visitor.</param>
/// <param name="Seconds">How long each time, s.</param>
/// <param name="Seed">The seed of the load.</param>
/// <param name="Kafka">host:port of a broker, or null.</param>
sealed record VisitOptions(int Turns, int Seconds, int Seed, string? Kafka)
{
    /// <summary>The most that page and metrics may cost, of the CPU per record without them.</summary>
    internal const double CostMax = 0.03;
}

/// <summary>One turn: the same run without a visitor and with one.</summary>
/// <param name="Without">CPU of the node per record, us.</param>
/// <param name="With">The same while page and metrics are asked for.</param>
/// <param name="Answers">How often they were answered.</param>
/// <param name="Bytes">Bytes of the answers.</param>
/// <param name="Load">The machine's load average of the last minute, at its end; null = not told.</param>
sealed record VisitTurn(double Without, double With, long Answers, long Bytes, double? Load)
{
    /// <summary>What they cost, of the CPU without them.</summary>
    public double Cost => (With / Without) - 1;
}

/// <summary>The node while no records come.</summary>
/// <param name="Without">CPU of the node, ms a second.</param>
/// <param name="With">The same while page and metrics are asked for.</param>
sealed record QuietTurn(double Without, double With);

/// <summary>What was measured.</summary>
sealed record VisitResult
{
    public required Machine Machine { get; init; }

    public required string Broker { get; init; }

    public required VisitOptions Options { get; init; }

    public required IReadOnlyList<VisitTurn> Turns { get; init; }

    /// <summary>The same without records.</summary>
    public required QuietTurn Quiet { get; init; }

    /// <summary>What page and metrics cost without records, of the CPU of a node that has them.</summary>
    public double QuietCost =>
        (Quiet.With - Quiet.Without) * 1e3 / (Spread.Of(Turns.Select(turn => turn.Without)).Median * LiveMeasurement.EventsPerSecond);

    /// <summary>The cost of the turns.</summary>
    public Spread Cost => Spread.Of(Turns.Select(turn => turn.Cost));

    /// <summary>Whether half the turns cost no more than they may.</summary>
    public bool IsMet => Cost.Median <= VisitOptions.CostMax;
}
