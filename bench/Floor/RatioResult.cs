using AkkaJoin.Bench.EndToEnd;
using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Floor;

/// <summary>A join against the raw loop, in turns.</summary>
sealed record RatioResult
{
    public required Machine Machine { get; init; }

    public required string Broker { get; init; }

    public required RatioOptions Options { get; init; }

    public required IReadOnlyList<RunFigures> Joins { get; init; }

    public required IReadOnlyList<FloorFigures> Floors { get; init; }

    /// <summary>The best of the turns: what disturbs one makes it worse, and nothing makes it better.</summary>
    public double Ratio => Joins.Zip(Floors, (join, floor) => join.CpuPerRecord / floor.CpuPerRecord).Min();

    /// <summary>Whether the join costs no more than it may.</summary>
    public bool IsMet => Ratio <= Options.RatioMax;
}
