namespace AkkaJoin.Pipeline.Settings;

/// <summary>
/// How much of one topic may be read to explain, or to show late records, dead letters and the rows of a key, and how
/// many such searches a node makes at once, <c>akkajoin.admin.explain</c>. Each answer says where its search stopped.
/// </summary>
sealed record ExplainLimits
{
    /// <summary>Records of one topic, from 1.</summary>
    public int RecordsMax { get; init; } = 200_000;

    /// <summary>Bytes of keys and values of one topic, from 1.</summary>
    public long BytesMax { get; init; } = 64L << 20;

    /// <summary>How long one topic may be read.</summary>
    public TimeSpan TimeMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many searches are made at once.</summary>
    public int AtOnceMax { get; init; } = 2;
}
