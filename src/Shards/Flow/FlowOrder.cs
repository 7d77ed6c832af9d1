namespace AkkaJoin.Shards.Flow;

/// <summary>
/// What people asked of a join while it runs: which sides are not read, whether time rests, and how fast it may read.
/// It is one value in the journal's catalogue, so it outlives nodes, and each change of it has the next number: of two
/// orders that a node knows, the one with the higher number counts.
/// </summary>
sealed record FlowOrder
{
    /// <summary>The highest rate that can be asked for, records per second.</summary>
    internal const long RateMax = 1_000_000_000;

    /// <summary>Nothing was ever asked: all is read, at the configured rate.</summary>
    internal static FlowOrder None { get; } = new();

    /// <summary>Rises by one with each change; 0 = nothing was ever asked.</summary>
    internal long Number { get; init; }

    /// <summary>Whether the left side is not read, and until when.</summary>
    internal SidePause Left { get; init; }

    /// <summary>Whether the right side is not read, and until when.</summary>
    internal SidePause Right { get; init; }

    /// <summary>
    /// Records per second of all nodes together; 0 = unlimited, null = as <c>max-rate</c> of the configuration says.
    /// </summary>
    internal long? Rate { get; init; }

    /// <summary>Whether both sides are paused.</summary>
    internal bool IsPaused => Left.IsPaused && Right.IsPaused;

    /// <summary>Whether anything is asked for that a person may have forgotten.</summary>
    internal bool HoldsAnything => Left.IsPaused || Right.IsPaused;

    /// <summary>The pause of a side.</summary>
    internal SidePause Of(Side side) => side == Side.Left ? Left : Right;

    /// <summary>The order with another pause of a side, or of both where <paramref name="side"/> is null.</summary>
    internal FlowOrder With(Side? side, SidePause pause) => this with
    {
        Left = side is Side.Right ? Left : pause,
        Right = side is Side.Left ? Right : pause,
    };

    /// <summary>The order without the pauses that have ended.</summary>
    /// <param name="nowMs">The join's clock, ms since the epoch.</param>
    internal FlowOrder WithoutEnded(long nowMs) => this with { Left = Left.At(nowMs), Right = Right.At(nowMs) };
}

/// <summary>Whether a side is not read.</summary>
/// <param name="IsPaused">Whether it is not.</param>
/// <param name="UntilMs">When it is read again, ms since the epoch; null = when somebody resumes it.</param>
readonly record struct SidePause(bool IsPaused, long? UntilMs = null)
{
    internal SidePause At(long nowMs) => UntilMs <= nowMs ? default : this;
}
