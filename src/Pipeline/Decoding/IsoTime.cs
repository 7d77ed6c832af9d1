namespace AkkaJoin.Pipeline.Decoding;

/// <summary>
/// Reads 2019-11-12T10:15:30.123Z and its like: date, then optionally T or a space, hours and minutes, optionally
/// seconds with a fraction of any length, optionally Z or an offset (+01:00, +0100, +01). Without an offset it is UTC.
/// </summary>
static class IsoTime
{
    /// <returns>False where it is not written so, or no such date or time exists.</returns>
    internal static bool TryParse(ReadOnlySpan<byte> text, out long time)
    {
        time = 0;
        if (!TryDigits(ref text, 4, out var year) || !TrySkip(ref text, '-') || !TryDigits(ref text, 2, out var month)
            || !TrySkip(ref text, '-') || !TryDigits(ref text, 2, out var day))
            return false;
        if (year == 0 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        time = (new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;
        if (text.Length == 0)
            return true;
        if (!TrySkip(ref text, 'T') && !TrySkip(ref text, 't') && !TrySkip(ref text, ' '))
            return false;
        return TryTimeOfDay(ref text, ref time) && TryOffset(ref text, ref time) && text.Length == 0;
    }

    static bool TryTimeOfDay(ref ReadOnlySpan<byte> text, ref long time)
    {
        if (!TryDigits(ref text, 2, out var hour) || hour > 23 || !TrySkip(ref text, ':') || !TryDigits(ref text, 2, out var minute)
            || minute > 59)
            return false;
        time += hour * 3_600_000L + minute * 60_000L;
        if (!TrySkip(ref text, ':'))
            return true;
        if (!TryDigits(ref text, 2, out var second) || second > 59)
            return false;
        time += second * 1000L;
        return (!TrySkip(ref text, '.') && !TrySkip(ref text, ',')) || TryFraction(ref text, ref time);
    }

    /// <summary>What lies below the millisecond is cut off.</summary>
    static bool TryFraction(ref ReadOnlySpan<byte> text, ref long time)
    {
        var digits = 0;
        for (var unit = 100; text.Length > 0 && char.IsAsciiDigit((char)text[0]); unit /= 10)
        {
            time += (text[0] - '0') * unit;
            text = text[1..];
            digits++;
        }

        return digits > 0;
    }

    static bool TryOffset(ref ReadOnlySpan<byte> text, ref long time)
    {
        if (text.Length == 0 || TrySkip(ref text, 'Z') || TrySkip(ref text, 'z'))
            return true;
        var sign = text[0] == '-' ? 1 : -1;
        if (!TrySkip(ref text, '+') && !TrySkip(ref text, '-'))
            return false;
        if (!TryDigits(ref text, 2, out var hours) || hours > 23)
            return false;
        var minutes = 0;
        if ((TrySkip(ref text, ':') || text.Length > 0) && (!TryDigits(ref text, 2, out minutes) || minutes > 59))
            return false;
        time += sign * (hours * 3_600_000L + minutes * 60_000L);
        return true;
    }

    static bool TryDigits(ref ReadOnlySpan<byte> text, int count, out int value)
    {
        value = 0;
        if (text.Length < count)
            return false;
        foreach (var b in text[..count])
        {
            if (!char.IsAsciiDigit((char)b))
                return false;
            value = value * 10 + b - '0';
        }

        text = text[count..];
        return true;
    }

    static bool TrySkip(ref ReadOnlySpan<byte> text, char c)
    {
        if (text.Length == 0 || text[0] != c)
            return false;
        text = text[1..];
        return true;
    }
}
