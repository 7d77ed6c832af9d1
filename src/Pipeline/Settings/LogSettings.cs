using Microsoft.Extensions.Logging;

namespace AkkaJoin.Pipeline.Settings;

/// <summary>What a node writes into its log, and how, <c>akkajoin.log</c>.</summary>
sealed record LogSettings
{
    /// <summary>The least level that is written.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>How an entry is written.</summary>
    public LogFormat Format { get; init; }

    /// <summary>The least level of a category, and of those below it.</summary>
    public IReadOnlyDictionary<string, LogLevel> Levels { get; init; } = new Dictionary<string, LogLevel>();

    /// <summary>The words for levels, from the least to the most; none = nothing is written.</summary>
    internal static IReadOnlyList<(string Word, LogLevel Level)> Words { get; } =
    [
        ("debug", LogLevel.Debug),
        ("info", LogLevel.Information),
        ("warning", LogLevel.Warning),
        ("error", LogLevel.Error),
        ("none", LogLevel.None),
    ];

    /// <summary>The least level of all: what lies below it is of no use to anybody.</summary>
    internal LogLevel Lowest => Levels.Values.Append(Level).Min();
}

/// <summary>How an entry of the log is written.</summary>
enum LogFormat
{
    /// <summary>Time with zone, level, category, message, and a trace below it where there is one.</summary>
    Text,

    /// <summary>A JSON object on a line.</summary>
    Json,
}
