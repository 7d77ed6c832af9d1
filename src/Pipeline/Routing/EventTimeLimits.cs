using System.Globalization;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// Which event times a join takes: none that lies further ahead of the join's clock than <paramref name="MaxAheadMs"/>,
/// and none below <paramref name="MinTimeMs"/>. Both bounds themselves are taken.
/// </summary>
/// <param name="MaxAheadMs"><c>max-ahead-of-wall-clock</c>, ms; null = unlimited.</param>
/// <param name="MinTimeMs"><c>min-time</c>, ms since the epoch; null = none.</param>
sealed record EventTimeLimits(long? MaxAheadMs, long? MinTimeMs)
{
    /// <summary>Every time is taken.</summary>
    internal static EventTimeLimits None { get; } = new(null, null);

    /// <summary>The limits of a join.</summary>
    internal static EventTimeLimits Of(JoinDefinition definition) => new(definition.MaxAheadOfWallClockMs, definition.MinTimeMs);

    /// <summary>The limits of a join as it is configured.</summary>
    internal static EventTimeLimits Of(JoinSettings join) => new(join.MaxAheadOfWallClockMs, join.MinTimeMs);

    /// <summary>Whether a time is taken.</summary>
    /// <param name="timeMs">The event time, ms since the epoch.</param>
    /// <param name="clockMs">The join's clock, ms since the epoch.</param>
    internal bool Allow(long timeMs, long clockMs) => !IsAhead(timeMs, clockMs) && !(timeMs < MinTimeMs);

    /// <summary>
    /// Whether the time of a decoded record is taken. Where it is not, the record becomes a dead letter.
    /// </summary>
    internal bool TryAllow(DecodedRecord decoded, long clockMs)
    {
        if (Allow(decoded.Time, clockMs))
            return true;
        return IsAhead(decoded.Time, clockMs)
            ? decoded.Fail(DeadLetterReasons.TimeAhead, Ahead(decoded.Time, clockMs))
            : decoded.Fail(DeadLetterReasons.TimeBehind, Behind(decoded.Time));
    }

    bool IsAhead(long timeMs, long clockMs) => MaxAheadMs is { } most && timeMs > clockMs + most;

    string Ahead(long timeMs, long clockMs) =>
        $"the event time {Show(timeMs)} is {About(timeMs - clockMs)} ahead of the join's clock; max-ahead-of-wall-clock is "
            + Durations.Show(MaxAheadMs!.Value);

    string Behind(long timeMs) =>
        $"the event time {Show(timeMs)} is {About(MinTimeMs!.Value - timeMs)} below min-time, {Show(MinTimeMs.Value)}";

    /// <summary>A time as a date; beyond the years 1 to 9999, which have one, as its number.</summary>
    internal static string Show(long timeMs) =>
        timeMs >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && timeMs <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(timeMs).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)
            : timeMs.ToString(CultureInfo.InvariantCulture) + " ms since 1970";

    // To the second above a minute, to the hour above a day, to the day above a year.
    static string About(long ms) => Durations.Show(ms switch
    {
        < 60_000 => ms,
        < 86_400_000 => ms / 1_000 * 1_000,
        < 31_536_000_000 => ms / 3_600_000 * 3_600_000,
        _ => ms / 86_400_000 * 86_400_000,
    });
}
