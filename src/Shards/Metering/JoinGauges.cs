namespace AkkaJoin.Shards.Metering;

/// <summary>The key groups of one join on this node, for <see cref="ShardsMetrics"/>.</summary>
sealed class JoinGauges
{
    internal JoinGauges(string join, int groups)
    {
        Tag = new KeyValuePair<string, object?>("join", join);
        Groups = new GroupGauge[groups];
        for (var i = 0; i < groups; i++)
            Groups[i] = new GroupGauge();
    }

    /// <summary>Names the join in every measurement.</summary>
    internal KeyValuePair<string, object?> Tag { get; }

    internal GroupGauge[] Groups { get; }

    /// <summary>Those that run here.</summary>
    internal IEnumerable<GroupGauge> Running => Groups.Where(g => g.Runs);
}
