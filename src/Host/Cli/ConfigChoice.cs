using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Cli;

/// <summary>The configuration that a verb takes.</summary>
/// <param name="File">The file.</param>
/// <param name="Overrides">What the command line sets over it, as HOCON; empty = nothing.</param>
sealed record ConfigChoice(string File, string Overrides)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="ConfigException">It is wrong.</exception>
    internal LoadedConfig Load() => ConfigLoader.Load(File, Overrides);
}
