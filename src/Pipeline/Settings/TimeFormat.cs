namespace AkkaJoin.Pipeline.Settings;

/// <summary>How an event time is written in a field.</summary>
public enum TimeFormat
{
    /// <summary>A number of milliseconds since 1970-01-01T00:00:00Z; what lies below the millisecond is cut off downwards.</summary>
    EpochMillis,

    /// <summary>A number of seconds since 1970-01-01T00:00:00Z; a fraction counts down to the millisecond.</summary>
    EpochSeconds,

    /// <summary>A number of microseconds since 1970-01-01T00:00:00Z, cut off downwards to the millisecond.</summary>
    EpochMicros,

    /// <summary>A text such as 2019-11-12T10:15:30.123Z; without an offset it is UTC.</summary>
    Iso8601,
}
