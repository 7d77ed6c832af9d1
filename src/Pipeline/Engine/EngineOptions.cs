namespace AkkaJoin.Pipeline.Engine;

/// <summary>How a join runs.</summary>
/// <param name="Bounded">Reads each partition to the end offset found at the start, lets every row out and ends.</param>
/// <param name="KeepOpen">A bounded run leaves what rests resting, instead of closing time.</param>
/// <param name="CloseAnyway">A bounded run closes time though an open transaction kept it from reading what lies behind.</param>
public sealed record EngineOptions(bool Bounded = false, bool KeepOpen = false, bool CloseAnyway = false);
