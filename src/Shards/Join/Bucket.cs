namespace AkkaJoin.Shards.Join;

/// <summary>The entries of one stretch of time.</summary>
struct Bucket
{
    /// <summary>The time divided by the width, rounded down.</summary>
    internal long Number;

    /// <summary>The entry that came last; the others follow by <see cref="EntryTable.Previous"/>.</summary>
    internal int Last;

    /// <summary>The lowest and the highest event time in it.</summary>
    internal long MinTime, MaxTime;

    /// <summary>Whether the fates of its entries are settled: set once the watermark passed <see cref="MaxTime"/>.</summary>
    internal bool Closed;
}
