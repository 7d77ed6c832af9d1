using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>A join as it is now.</summary>
sealed record JoinStatus(RouterStatus Router, IReadOnlyList<KeyGroupStatus> Groups)
{
    /// <summary>The left side's ledger over all key groups.</summary>
    internal SideLedger Left => Sum(g => g.Left);

    /// <summary>The right side's ledger over all key groups.</summary>
    internal SideLedger Right => Sum(g => g.Right);

    /// <summary>Rows put out since the start.</summary>
    internal long Rows => Groups.Sum(g => g.Rows);

    /// <summary>Late records and id conflicts copied to the late topic since the start.</summary>
    internal long LateCopies => Groups.Sum(g => g.LateCopies);

    /// <summary>Records read since the start.</summary>
    internal long Consumed => Router.ConsumedOfGone + Router.Partitions.Sum(p => p.Consumed);

    /// <summary>Records that could not be decoded since the start.</summary>
    internal long DeadLettered => Router.DeadLetteredOfGone + Router.Partitions.Sum(p => p.DeadLettered);

    /// <summary>Records that a filter left out since the start.</summary>
    internal long Filtered => Router.Left.Filtered + Router.Right.Filtered;

    /// <summary>Records between the position and the end of the log as it was at the assignment.</summary>
    internal long Lag => Router.Partitions.Sum(p => Math.Max(0, p.LogEnd - p.Position));

    /// <summary>Buffered records.</summary>
    internal long Buffered => Groups.Sum(g => (long)g.Buffered);

    /// <summary>Bytes of state.</summary>
    internal long StateBytes => Groups.Sum(g => g.StateBytes);

    /// <summary>Events journaled since the start.</summary>
    internal long Events => Groups.Sum(g => g.Events);

    SideLedger Sum(Func<KeyGroupStatus, SideLedger> side)
    {
        var sum = default(SideLedger);
        foreach (var group in Groups)
            sum += side(group);
        return sum;
    }
}

/// <summary>How a join ended.</summary>
/// <param name="Status">The last status.</param>
/// <param name="LateBelowLeft">
/// Lefts of a later run with event times below this are late, ms since the epoch; null where nothing is.
/// </param>
/// <param name="LateBelowRight">The same of rights.</param>
sealed record JoinResult(JoinStatus? Status, long? LateBelowLeft, long? LateBelowRight)
{
    /// <summary>Of a join that was drained: its input has not ended.</summary>
    internal static JoinResult None { get; } = new(null, null, null);

    /// <summary>Warnings of fields that most records of this process lack.</summary>
    internal IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What a bounded run did not read, since it lies in open transactions or behind them.</summary>
    internal IReadOnlyList<OpenTransaction> Open { get; init; } = [];
}
