using Akka.Configuration;

namespace AkkaJoin.Pipeline.Settings;

/// <summary>A configuration that was read and found good.</summary>
/// <param name="Settings">Ours.</param>
/// <param name="Akka">Everything outside <c>akkajoin</c>, for the actor system.</param>
/// <param name="Effective">Every key with its value, masked, and its origin.</param>
/// <param name="Warnings">
/// Warnings: keys with an older name, sections that AkkaJoin does not read.
/// </param>
sealed record LoadedConfig(
    AkkaJoinSettings Settings, Config Akka, IReadOnlyList<EffectiveSetting> Effective, IReadOnlyList<ConfigProblem> Warnings);

/// <summary>One key of a configuration as it is in force.</summary>
/// <param name="Key">The full path.</param>
/// <param name="Value">The value as text, secrets masked; "not set" where there is none.</param>
/// <param name="Origin">
/// "file:line", "reference.conf", "environment NAME", or "default" where it follows from other keys.
/// </param>
sealed record EffectiveSetting(string Key, string Value, string Origin);
