using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;

namespace AkkaJoin.Host;

/// <summary>The configuration that a verb takes.</summary>
/// <param name="File">The file.</param>
/// <param name="Overrides">What the command line sets over it, as HOCON; empty = nothing.</param>
sealed record ConfigChoice(string File, string Overrides)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="ConfigException">It is wrong.</exception>
    internal LoadedConfig Load() => ConfigLoader.Load(File, Overrides);
}

/// <summary>Reads a configuration file the way every verb does.</summary>
static class ConfigLoader
{
    /// <summary>The settings, and the rest for Akka.</summary>
    /// <param name="path">The user's file.</param>
    /// <param name="overrides">HOCON over it and over the environment: what the command line sets.</param>
    /// <exception cref="ConfigException">
    /// It is missing, unreadable or wrong; the message names everything that is, one error a line. The exit code is 78.
    /// </exception>
    public static LoadedConfig Load(string path, string overrides = "") =>
        ConfigReader.ReadFile(path, typeof(ConfigLoader).Assembly, overrides: overrides);

    /// <summary>As <see cref="Load"/>, of a text; <paramref name="name"/> stands for the file.</summary>
    /// <exception cref="ConfigException">It is wrong.</exception>
    public static LoadedConfig LoadText(string text, string name) => ConfigReader.ReadText(text, name, typeof(ConfigLoader).Assembly);
}

/// <summary>Which join of a configuration is meant.</summary>
static class JoinChoice
{
    /// <summary>The named one, or the only one.</summary>
    /// <exception cref="UserException">There is none of that name, or there are several and none is named.</exception>
    internal static JoinSettings Pick(AkkaJoinSettings settings, string? name)
    {
        var names = string.Join(", ", settings.Joins.Select(j => j.Name));
        if (name is not null)
            return settings.Joins.FirstOrDefault(j => j.Name == name)
                ?? throw new UserException($"there is no join {name}; there is {names}", ExitCodes.Usage);
        return settings.Joins.Count == 1
            ? settings.Joins[0]
            : throw new UserException($"--join is needed: one of {names}", ExitCodes.Usage);
    }
}
