namespace AkkaJoin.Pipeline.Tests.Settings;

/// <summary>A key of a reference.conf as it is written there.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Value">The default as text; empty for an object that has a comment of its own.</param>
/// <param name="Comment">The comment above it, as one line.</param>
sealed record ReferenceKey(string Path, string Value, string Comment);
