namespace AkkaJoin.Pipeline.Engine;

/// <summary>How a join runs.</summary>
/// <param name="Bounded">Reads each partition to the end offset found at the start, writes every row and ends.</param>
/// <param name="KeepOpen">
/// A bounded run does not end its input: records without a partner go on to wait for one.
/// </param>
/// <param name="CloseAnyway">
/// A bounded run ends its input though an open transaction kept it from reading the records behind.
/// </param>
sealed record EngineOptions(bool Bounded = false, bool KeepOpen = false, bool CloseAnyway = false);
