using System.Globalization;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Durations as HOCON writes them, in ms.</summary>
static class Durations
{
    static readonly (string Name, long Ms)[] Shown = [("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1_000)];

    /// <summary>
    /// Reads 10s, 5 minutes, 1.5 h, -1m; a bare number is ms. False if it is no duration, is no whole number of ms, or does not fit 64
    /// bits.
    /// </summary>
    public static bool TryParse(string text, out long ms)
    {
        ms = 0;
        if (!Quantity.TrySplit(text, out var number, out var unit) || MsOf(unit) is not { } factor) return false;
        if (factor >= 1) return Quantity.TryScale(number, factor, out ms);
        return Quantity.TryScale(number * factor, 1, out ms);
    }

    /// <summary>In the largest unit that gives a whole number: 0 s, 500 ms, 90 s, 10 min.</summary>
    public static string Show(long ms)
    {
        if (ms == 0) return "0 s";
        var (name, factor) = Shown.FirstOrDefault(unit => ms % unit.Ms == 0, ("ms", 1));
        return (ms / factor).ToString(CultureInfo.InvariantCulture) + " " + name;
    }

    static decimal? MsOf(string unit) => unit switch
    {
        "" or "ms" or "millis" or "milli" or "millisecond" or "milliseconds" => 1,
        "us" or "micro" or "micros" or "microsecond" or "microseconds" => 0.001m,
        "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => 0.000_001m,
        "s" or "second" or "seconds" => 1_000,
        "m" or "min" or "minute" or "minutes" => 60_000,
        "h" or "hour" or "hours" => 3_600_000,
        "d" or "day" or "days" => 86_400_000,
        "w" or "week" or "weeks" => 604_800_000,
        _ => null,
    };
}
