using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>A join as it is now.</summary>
sealed record JoinStatus(RouterStatus Router, IReadOnlyList<GroupStatus> Groups)
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

    /// <summary>Records held.</summary>
    internal long Held => Groups.Sum(g => (long)g.Held);

    /// <summary>Bytes held.</summary>
    internal long StateBytes => Groups.Sum(g => g.StateBytes);

    /// <summary>Events journaled since the start.</summary>
    internal long Events => Groups.Sum(g => g.Events);

    SideLedger Sum(Func<GroupStatus, SideLedger> side)
    {
        var sum = default(SideLedger);
        foreach (var group in Groups)
            sum += side(group);
        return sum;
    }
}
