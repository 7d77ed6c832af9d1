using System.Globalization;
using AkkaJoin.Shards.Flow;

namespace AkkaJoin.Pipeline.Engine.Orders;

/// <summary>What is asked of a join, in words: for the log and for people who ask.</summary>
static class FlowOrderWords
{
    /// <summary>A sentence without its end.</summary>
    internal static string Of(FlowOrder order) => string.Join("; ", (string[])[Reading(order), .. Rest(order), .. Rate(order)]);

    static string Reading(FlowOrder order)
    {
        if (order.IsPaused && order.Left == order.Right)
            return "no side is read" + Until(order.Left);
        if (order.IsPaused)
            return $"the left side is not read{Until(order.Left)}, nor is the right side{Until(order.Right)}";
        return order.Left.IsPaused ? "the left side is not read" + Until(order.Left)
            : order.Right.IsPaused ? "the right side is not read" + Until(order.Right)
            : "both sides are read";
    }

    static string[] Rest(FlowOrder order) => order.Rest.IsAtRest ? ["time rests" + Until(order.Rest.UntilMs)] : [];

    static string[] Rate(FlowOrder order) => order.Rate switch
    {
        null => [],
        0 => ["at any rate"],
        { } rate => [string.Create(CultureInfo.InvariantCulture, $"at {rate} records/s at most over all nodes")],
    };

    static string Until(SidePause pause) => Until(pause.UntilMs);

    static string Until(long? untilMs) => untilMs is { } until
        ? string.Create(CultureInfo.InvariantCulture, $" until {DateTimeOffset.FromUnixTimeMilliseconds(until):yyyy-MM-ddTHH:mm:ssZ}")
        : "";
}
