namespace AkkaJoin.Pipeline.Engine;

/// <summary>How a join ended.</summary>
/// <param name="Status">The last status.</param>
/// <param name="LateBelowLeft">Lefts of a later run with event times below this are late, ms since the epoch; null where nothing is.</param>
/// <param name="LateBelowRight">The same of rights.</param>
sealed record JoinResult(JoinStatus? Status, long? LateBelowLeft, long? LateBelowRight);
