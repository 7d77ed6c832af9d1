using System.Diagnostics;

namespace AkkaJoin.Shards.Metering;

/// <summary>
/// The spans of a node: what happens seldom, takes long, and is asked for afterwards. None is made for a record or an
/// event. docs/metrics.md describes them.
/// </summary>
static class ShardsTraces
{
    /// <summary>The name under which an application subscribes.</summary>
    internal const string SourceName = "AkkaJoin";

    /// <summary>A key group reads its snapshot and its journal.</summary>
    internal const string Recovery = "akkajoin.recovery";

    /// <summary>A key group writes a snapshot.</summary>
    internal const string Snapshot = "akkajoin.snapshot";

    /// <summary>A key group that another node is to have ends here.</summary>
    internal const string HandOver = "akkajoin.hand_over";

    /// <summary>Partitions that another consumer is to have end here.</summary>
    internal const string Rebalance = "akkajoin.rebalance";

    static readonly ActivitySource Source = new(SourceName);

    /// <summary>Something is over. Where nobody listens, this looks at a flag.</summary>
    /// <param name="name">What it was.</param>
    /// <param name="sinceTimestamp">When it began, as <see cref="Stopwatch.GetTimestamp"/> said.</param>
    /// <param name="tags">What it was of.</param>
    internal static void Ended(string name, long sinceTimestamp, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!Source.HasListeners())
            return;
        var began = DateTimeOffset.UtcNow - Stopwatch.GetElapsedTime(sinceTimestamp);
        Source.StartActivity(name, ActivityKind.Internal, default(ActivityContext), tags.ToArray(), startTime: began)?.Dispose();
    }
}
