namespace AkkaJoin.Pipeline.Settings;

/// <summary>The names that time formats have in a configuration.</summary>
static class TimeFormats
{
    /// <summary>Every format with its name, in the order in which messages list them.</summary>
    internal static readonly (string Name, TimeFormat Format)[] Names =
    [
        ("epoch-millis", TimeFormat.EpochMillis),
        ("epoch-seconds", TimeFormat.EpochSeconds),
        ("epoch-micros", TimeFormat.EpochMicros),
        ("iso-8601", TimeFormat.Iso8601),
    ];

    /// <summary>The name of a format.</summary>
    internal static string Name(TimeFormat format) => Array.Find(Names, named => named.Format == format).Name;
}
