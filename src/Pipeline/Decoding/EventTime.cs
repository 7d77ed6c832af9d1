using System.Buffers.Text;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Pipeline.Decoding;

/// <summary>Reads event times.</summary>
static class EventTime
{
    /// <summary>
    /// Reads a time in <paramref name="format"/>: the text of a number, or of a JSON text without its quotes.
    /// </summary>
    /// <param name="format">How it is written.</param>
    /// <param name="text">The UTF-8 bytes.</param>
    /// <param name="time">ms since the epoch, within <see cref="TimeLimits"/>.</param>
    /// <returns>False where it is not written so, or lies out of range.</returns>
    internal static bool TryParse(TimeFormat format, ReadOnlySpan<byte> text, out long time)
    {
        var parsed = format switch
        {
            TimeFormat.EpochMillis => TryParseMillis(text, out time),
            TimeFormat.EpochSeconds => TryParseNumber(text, 3, out time),
            TimeFormat.EpochMicros => TryParseNumber(text, -3, out time),
            _ => IsoTime.TryParse(text, out time),
        };
        return parsed && time is >= TimeLimits.Min and <= TimeLimits.Max;
    }

    static bool TryParseMillis(ReadOnlySpan<byte> text, out long time) =>
        (Utf8Parser.TryParse(text, out time, out var consumed) && consumed == text.Length) || TryParseNumber(text, 0, out time);

    // A decimal, not a double: 1573552530.123 has no exact double, and would lose its last millisecond. What lies below
    // the millisecond is cut off downwards, not towards zero: a time before 1970 is not moved ahead.
    static bool TryParseNumber(ReadOnlySpan<byte> text, int places, out long time)
    {
        time = 0;
        return ExactNumber.Read(text, out var number) == NumberReading.Read && number.TryFloor(places, out time);
    }
}
