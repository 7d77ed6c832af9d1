using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Cli;

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
