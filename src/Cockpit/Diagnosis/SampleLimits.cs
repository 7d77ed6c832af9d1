using System.Globalization;

namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>How much of a topic is read to tell why a join gives nothing.</summary>
/// <param name="Records">The most records of one topic.</param>
/// <param name="Bytes">The most bytes of one topic: keys, values and headers.</param>
/// <param name="Seconds">How long reading may take; both topics are read at once.</param>
sealed record SampleLimits(int Records, long Bytes, int Seconds)
{
    internal const int RecordsMax = 20_000;
    internal const int SecondsMax = 60;

    /// <summary>20,000 records and 32 MiB of each topic, 10 s.</summary>
    internal static SampleLimits Standard { get; } = new(RecordsMax, 32 << 20, 10);

    /// <summary>Only records whose Kafka timestamp is not below it, ms since the epoch; null = any.</summary>
    internal long? FromMs { get; init; }

    /// <summary>
    /// Only records before the first whose Kafka timestamp reaches it, ms since the epoch; null = any.
    /// </summary>
    internal long? ToMs { get; init; }

    /// <summary>A time that was given, ms since the epoch; null where none was.</summary>
    /// <param name="name">The argument's name.</param>
    /// <param name="text">ISO-8601; without an offset it is UTC.</param>
    /// <exception cref="CommandException">It is no time.</exception>
    internal static long? Time(string name, string? text)
    {
        if (text is null)
            return null;
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out var time)
            ? time.ToUnixTimeMilliseconds()
            : throw new CommandException($"'{name}' is a time such as 2026-11-29T08:00:00Z; it is '{text}'");
    }
}
