using AkkaJoin.Pipeline.Engine.Orders;
using AkkaJoin.Shards.Flow;

namespace AkkaJoin.Cockpit.Reports;

/// <summary>What is asked of a join while it runs.</summary>
/// <param name="Number">Rises with each change; 0 = nothing was ever asked.</param>
/// <param name="Says">The same in words.</param>
/// <param name="LeftIsPaused">Whether the left side is not read.</param>
/// <param name="RightIsPaused">Whether the right side is not read.</param>
/// <param name="LeftUntilMs">When the left side is read again, ms since the epoch; null = when it is resumed.</param>
/// <param name="RightUntilMs">The same of the right side.</param>
/// <param name="RateMax">
/// Records per second of all nodes together; 0 = unlimited, null = as max-rate of the configuration says.
/// </param>
sealed record FlowReport(
    long Number, string Says, bool LeftIsPaused, bool RightIsPaused, long? LeftUntilMs, long? RightUntilMs, long? RateMax)
{
    /// <summary>Of a join of which nothing was ever asked.</summary>
    internal static FlowReport None { get; } = Of(FlowOrder.None);

    /// <summary>Whether time rests.</summary>
    public bool IsAtRest { get; init; }

    /// <summary>When time moves again, ms since the epoch; null = when somebody wakes the join.</summary>
    public long? RestUntilMs { get; init; }

    /// <summary>Whether a side is not read, or time rests.</summary>
    public bool HoldsAnything => LeftIsPaused || RightIsPaused || IsAtRest;

    /// <summary>Makes it of an order.</summary>
    internal static FlowReport Of(FlowOrder order) => new(
        order.Number,
        FlowOrderWords.Of(order),
        order.Left.IsPaused,
        order.Right.IsPaused,
        order.Left.UntilMs,
        order.Right.UntilMs,
        order.Rate)
    {
        IsAtRest = order.Rest.IsAtRest,
        RestUntilMs = order.Rest.UntilMs,
    };
}

/// <summary>What became of an act.</summary>
/// <param name="Join">The join.</param>
/// <param name="Asked">What is asked of it from now on.</param>
/// <param name="Nodes">The nodes that do it.</param>
/// <param name="Missing">Nodes that did not answer; they read the journal and do it within a second.</param>
sealed record FlowActReport(string Join, FlowReport Asked, IReadOnlyList<string> Nodes, IReadOnlyList<MissingNode> Missing)
{
    /// <summary>
    /// Of a drain: the nodes that still have something on its way; empty = all is out and committed. Null = no drain.
    /// </summary>
    public IReadOnlyList<string>? NotLetOut { get; init; }

    /// <summary>Whether all was done.</summary>
    public bool IsDone => Missing.Count == 0 && NotLetOut is null or { Count: 0 };
}
