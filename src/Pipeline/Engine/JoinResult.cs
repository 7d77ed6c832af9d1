using AkkaJoin.Pipeline.Kafka.Admin;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>How a join ended.</summary>
/// <param name="Status">The last status.</param>
/// <param name="LateBelowLeft">Lefts of a later run with event times below this are late, ms since the epoch; null where nothing is.</param>
/// <param name="LateBelowRight">The same of rights.</param>
sealed record JoinResult(JoinStatus? Status, long? LateBelowLeft, long? LateBelowRight)
{
    /// <summary>What was missing in most records of this process: paths that match nothing.</summary>
    internal IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What a bounded run did not read, since it lies in open transactions or behind them.</summary>
    internal IReadOnlyList<OpenTransaction> Open { get; init; } = [];
}
