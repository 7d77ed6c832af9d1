using System.Globalization;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>A number and its unit, as durations and sizes are written.</summary>
static class Quantity
{
    /// <summary>
    /// Splits "1.5 MiB" into number and unit; the unit is empty where there is none. False if it does not begin with a number, or the
    /// number is beyond what a decimal holds.
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
