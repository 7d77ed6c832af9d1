using System.Globalization;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Sizes as HOCON writes them, in bytes.</summary>
static class Sizes
{
    const long Kibi = 1024;

    /// <summary>
    /// Reads 64 KiB, 4 MiB, 1 MB, 8k; a bare number is bytes. False if it is no size, is no whole number of bytes, or does not fit 64
    /// bits.
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
