using System.Buffers.Text;
using System.Globalization;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Pipeline.Decoding;

/// <summary>Reads event times.</summary>
static class EventTime
{
    /// <summary>Reads a time in <paramref name="format"/>: the text of a number, or of a JSON text without its quotes.</summary>
    /// <param name="format">How it is written.</param>
    /// <param name="text">The UTF-8 bytes.</param>
    /// <param name="time">ms since the epoch, within <see cref="TimeLimits"/>.</param>
    /// <returns>False where it is not written so, or lies out of range.</returns>
    internal static bool TryParse(TimeFormat format, ReadOnlySpan<byte> text, out long time)
    {
        var parsed = format switch
        {
            TimeFormat.EpochMillis => TryParseWhole(text, out time),
            TimeFormat.EpochSeconds => TryParseSeconds(text, out time),
            TimeFormat.EpochMicros => TryParseMicros(text, out time),
            _ => IsoTime.TryParse(text, out time),
        };
        return parsed && time is >= TimeLimits.Min and <= TimeLimits.Max;
    }

    static bool TryParseWhole(ReadOnlySpan<byte> text, out long value) =>
        Utf8Parser.TryParse(text, out value, out var consumed) && consumed == text.Length;

    static bool TryParseMicros(ReadOnlySpan<byte> text, out long time)
    {
        var parsed = TryParseWhole(text, out var micros);
        // Down, not towards zero: a time before 1970 is not moved ahead.
        time = Math.DivRem(micros, 1000, out var rest) - (rest < 0 ? 1 : 0);
        return parsed;
    }

    static bool TryParseSeconds(ReadOnlySpan<byte> text, out long time)
    {
        const NumberStyles styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        time = 0;
        // A decimal, not a double: 1573552530.123 has no exact double, and would lose its last millisecond.
        if (!decimal.TryParse(text, styles, CultureInfo.InvariantCulture, out var seconds) || Math.Abs(seconds) > TimeLimits.Max / 1000m)
            return false;
        time = (long)Math.Floor(seconds * 1000);
        return true;
    }
}
