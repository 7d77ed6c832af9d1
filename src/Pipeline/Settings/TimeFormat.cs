namespace AkkaJoin.Pipeline.Settings;

/// <summary>How an event time is written in a field.</summary>
public enum TimeFormat
{
    /// <summary>A whole number of milliseconds since 1970-01-01T00:00:00Z.</summary>
    EpochMillis,

    /// <summary>A number of seconds since 1970-01-01T00:00:00Z; a fraction counts down to the millisecond.</summary>
    EpochSeconds,

    /// <summary>A whole number of microseconds since 1970-01-01T00:00:00Z, rounded down to the millisecond.</summary>
    EpochMicros,

    /// <summary>A text such as 2019-11-12T10:15:30.123Z; without an offset it is UTC.</summary>
    Iso8601,
}
