using System.Collections.Concurrent;
using AkkaJoin.Pipeline.Settings;
using Microsoft.Extensions.Logging;

namespace AkkaJoin.Cockpit.Logs;

/// <summary>
/// Which entries of a node's log are written: the least level of each category. A category has those below it
/// (<c>kafka</c> has <c>kafka.consuming</c>); the longest name that fits counts. May change while the node runs.
/// Thread safe.
/// </summary>
sealed class LogLevels
{
    // What it says at a lower level, of each request say, nobody asked for.
    const string ServerCategory = "Microsoft";
    readonly ConcurrentDictionary<string, LogLevel> _effective = new(StringComparer.OrdinalIgnoreCase);
    readonly ConcurrentDictionary<string, LogLevel> _named = new(StringComparer.OrdinalIgnoreCase);
    volatile LogLevel _general;

    internal LogLevels(LogSettings settings)
    {
        _general = settings.Level;
        _named[ServerCategory] = LogLevel.Warning;
        foreach (var (category, level) in settings.Levels)
            _named[category] = level;
    }

    /// <summary>The level of whatever has none of its own.</summary>
    internal LogLevel General => _general;

    /// <summary>The categories that have a level of their own.</summary>
    internal IReadOnlyDictionary<string, LogLevel> Named => _named;

    /// <summary>Whether an entry is written.</summary>
    internal bool IsOn(string category, LogLevel level) => level != LogLevel.None && level >= _effective.GetOrAdd(category, Find);

    /// <summary>Changes a level, until the node ends.</summary>
    /// <param name="category">The category; null = whatever has no level of its own.</param>
    /// <param name="level">The least level that is written.</param>
    internal void Set(string? category, LogLevel level)
    {
        if (category is null)
            _general = level;
        else
            _named[category] = level;
        _effective.Clear();
    }

    LogLevel Find(string category)
    {
        for (var name = category; name.Length > 0; name = name[..Math.Max(0, name.LastIndexOf('.'))])
        {
            if (_named.TryGetValue(name, out var level))
                return level;
        }

        return _general;
    }
}
