using System.Globalization;

namespace AkkaJoin.Cockpit.Text;

/// <summary>
/// Event times for people. They may lie outside the calendar: 53 bits of milliseconds are 285,000 years.
/// </summary>
static class TimeText
{
    const long CalendarMin = -62_135_596_800_000, CalendarMax = 253_402_300_799_999, Year1980 = 315_532_800_000;

    /// <summary>As ISO-8601 in UTC.</summary>
    internal static string Iso(long ms) => Format(ms, "yyyy-MM-ddTHH:mm:ss.fffZ");

    /// <summary>
    /// The time of day, for a sentence. With the day, where that lies before 1980: seconds that are read as
    /// milliseconds do.
    /// </summary>
    internal static string Clock(long ms) => Format(ms, ms < Year1980 ? "yyyy-MM-dd HH:mm:ss 'UTC'" : "HH:mm:ss 'UTC'");

    /// <summary>The same, for a column whose head says UTC.</summary>
    internal static string Cell(long ms) => Format(ms, ms < Year1980 ? "yyyy-MM-dd HH:mm:ss" : "HH:mm:ss");

    static string Format(long ms, string format) => ms is < CalendarMin or > CalendarMax
        ? "out of the calendar"
        : DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString(format, CultureInfo.InvariantCulture);
}
