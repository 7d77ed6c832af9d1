using System.Globalization;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Durations as HOCON writes them, in ms.</summary>
static class Durations
{
    static readonly (string Name, long Ms)[] Shown = [("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1_000)];

    /// <summary>
    /// Reads 10s, 5 minutes, 1.5 h, -1m; a bare number is ms. False if it is no duration, is no whole number of ms, or
    /// does not fit 64 bits.
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

/// <summary>Sizes as HOCON writes them, in bytes.</summary>
static class Sizes
{
    const long Kibi = 1024;

    /// <summary>
    /// Reads 64 KiB, 4 MiB, 1 MB, 8k; a bare number is bytes. False if it is no size, is no whole number of bytes, or
    /// does not fit 64 bits.
    /// </summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        return Quantity.TrySplit(text, out var number, out var unit)
            && BytesOf(unit) is { } factor
            && Quantity.TryScale(number, factor, out bytes);
    }

    /// <summary>In the largest binary unit that gives a whole number: 64 KiB, 4 MiB, 100 bytes.</summary>
    public static string Show(long bytes)
    {
        var (name, factor) = bytes switch
        {
            0 => ("bytes", 1L),
            _ when bytes % (Kibi * Kibi * Kibi) == 0 => ("GiB", Kibi * Kibi * Kibi),
            _ when bytes % (Kibi * Kibi) == 0 => ("MiB", Kibi * Kibi),
            _ when bytes % Kibi == 0 => ("KiB", Kibi),
            _ => ("bytes", 1L),
        };
        return (bytes / factor).ToString(CultureInfo.InvariantCulture) + " " + name;
    }

    static long? BytesOf(string unit) => unit switch
    {
        "" or "B" or "b" or "byte" or "bytes" => 1,
        "kB" or "kilobyte" or "kilobytes" => 1_000,
        "MB" or "megabyte" or "megabytes" => 1_000_000,
        "GB" or "gigabyte" or "gigabytes" => 1_000_000_000,
        "K" or "k" or "Ki" or "KiB" or "kibibyte" or "kibibytes" => Kibi,
        "M" or "m" or "Mi" or "MiB" or "mebibyte" or "mebibytes" => Kibi * Kibi,
        "G" or "g" or "Gi" or "GiB" or "gibibyte" or "gibibytes" => Kibi * Kibi * Kibi,
        _ => null,
    };
}

/// <summary>A number and its unit, as durations and sizes are written.</summary>
static class Quantity
{
    /// <summary>
    /// Splits "1.5 MiB" into number and unit; the unit is empty where there is none. False if it does not begin with a
    /// number, or the number is beyond what a decimal holds.
    /// </summary>
    public static bool TrySplit(string text, out decimal number, out string unit)
    {
        text = text.Trim();
        var digits = 0;
        while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] is '.' or '-' or '+')) digits++;
        unit = text[digits..].Trim();
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return decimal.TryParse(text[..digits], style, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>The product if it is a whole number within the 64 bits of a long; false otherwise.</summary>
    public static bool TryScale(decimal number, decimal factor, out long value)
    {
        value = 0;
        if (Math.Abs(number) > long.MaxValue / factor) return false;
        var product = number * factor;
        if (product != decimal.Truncate(product)) return false;
        value = (long)product;
        return true;
    }
}
