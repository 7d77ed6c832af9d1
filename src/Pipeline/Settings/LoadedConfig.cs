using Akka.Configuration;

namespace AkkaJoin.Pipeline.Settings;

/// <summary>A configuration that was read and found good.</summary>
/// <param name="Settings">Ours.</param>
/// <param name="Akka">Everything outside <c>akkajoin</c>, for the actor system.</param>
/// <param name="Effective">Every key with its value, masked, and its origin.</param>
sealed record LoadedConfig(AkkaJoinSettings Settings, Config Akka, IReadOnlyList<EffectiveSetting> Effective);
