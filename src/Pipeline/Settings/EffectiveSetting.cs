namespace AkkaJoin.Pipeline.Settings;

/// <summary>One key of a configuration as it is in force.</summary>
/// <param name="Key">The full path.</param>
/// <param name="Value">The value as text, secrets masked; "not set" where there is none.</param>
/// <param name="Origin">"file:line", "reference.conf", "environment NAME", or "default" where it follows from other keys.</param>
sealed record EffectiveSetting(string Key, string Value, string Origin);
