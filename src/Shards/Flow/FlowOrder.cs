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

    /// <summary>Whether time rests: records are read and joined, but time does not move.</summary>
    internal TimeRest Rest { get; init; }

    /// <summary>The number of the order that changed a pause or a rest last; 0 = none did.</summary>
    internal long TimeNumber { get; init; }

    /// <summary>The join's clock when a pause or a rest ended last, ms since the epoch; 0 = none did.</summary>
    internal long TimeClockMs { get; init; }

    /// <summary>
    /// Records per second of all nodes together; 0 = unlimited, null = as <c>max-rate</c> of the configuration says.
    /// </summary>
    internal long? Rate { get; init; }

    /// <summary>Whether both sides are paused.</summary>
    internal bool IsPaused => Left.IsPaused && Right.IsPaused;

    /// <summary>Whether anything is asked for that a person may have forgotten.</summary>
    internal bool HoldsAnything => Left.IsPaused || Right.IsPaused || Rest.IsAtRest;

    /// <summary>
    /// Whether the state only grows meanwhile. That of a join of which no side is read stays as it is.
    /// </summary>
    internal bool LetsStateGrow => HoldsAnything && !IsPaused;

    /// <summary>The pause of a side.</summary>
    internal SidePause Of(Side side) => side == Side.Left ? Left : Right;

    /// <summary>The order with another pause of a side, or of both where <paramref name="side"/> is null.</summary>
    internal FlowOrder With(Side? side, SidePause pause) => this with
    {
        Left = side is Side.Right ? Left : pause,
        Right = side is Side.Left ? Right : pause,
    };

    /// <summary>The order without the pauses and the rest that have ended.</summary>
    /// <param name="nowMs">The join's clock, ms since the epoch.</param>
    internal FlowOrder WithoutEnded(long nowMs) =>
        this with { Left = Left.At(nowMs), Right = Right.At(nowMs), Rest = Rest.At(nowMs) };

    /// <summary>The order with its number: the next one after an order that it takes the place of.</summary>
    /// <param name="before">That order.</param>
    /// <param name="nowMs">The join's clock, ms since the epoch.</param>
    internal FlowOrder After(FlowOrder before, long nowMs)
    {
        var next = this with { Number = before.Number + 1, TimeNumber = before.TimeNumber, TimeClockMs = before.TimeClockMs };
        if (before.Holds == next.Holds)
            return next;
        var (was, now) = (before.Holds, next.Holds);
        var isLetGo = (was.Left && !now.Left) || (was.Right && !now.Right) || (was.Time && !now.Time);
        return next with { TimeNumber = next.Number, TimeClockMs = isLetGo ? Math.Max(nowMs, before.TimeClockMs) : before.TimeClockMs };
    }

    /// <summary>
    /// The same order with a number above one that is not in the journal any more. Key groups may have obeyed that one,
    /// so they obey this one anew.
    /// </summary>
    /// <param name="number">That number.</param>
    /// <param name="nowMs">The join's clock, ms since the epoch.</param>
    internal FlowOrder Above(long number, long nowMs) =>
        this with { Number = number + 1, TimeNumber = number + 1, TimeClockMs = Math.Max(nowMs, TimeClockMs) };

    /// <summary>What it asks of time.</summary>
    /// <param name="restsWhilePaused">
    /// Whether time rests while a side is paused, as in an attribution: it would tell of a right that nothing led to it
    /// while nobody looks.
    /// </param>
    internal TimeOrder Time(bool restsWhilePaused) => new(
        TimeNumber, Rest.IsAtRest || (restsWhilePaused && (Left.IsPaused || Right.IsPaused)), TimeClockMs);

    (bool Left, bool Right, bool Time) Holds => (Left.IsPaused, Right.IsPaused, Rest.IsAtRest);
}

/// <summary>Whether a side is not read.</summary>
/// <param name="IsPaused">Whether it is not.</param>
/// <param name="UntilMs">When it is read again, ms since the epoch; null = when somebody resumes it.</param>
readonly record struct SidePause(bool IsPaused, long? UntilMs = null)
{
    internal SidePause At(long nowMs) => UntilMs <= nowMs ? default : this;
}

/// <summary>Whether time rests.</summary>
/// <param name="IsAtRest">Whether time rests.</param>
/// <param name="UntilMs">When it moves again, ms since the epoch; null = when somebody wakes the join.</param>
readonly record struct TimeRest(bool IsAtRest, long? UntilMs = null)
{
    internal TimeRest At(long nowMs) => UntilMs <= nowMs ? default : this;
}
