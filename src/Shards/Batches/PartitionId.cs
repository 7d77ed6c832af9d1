namespace AkkaJoin.Shards.Batches;

/// <summary>
/// One partition as a join sees it: in a self-join the same topic partition stands once on each side.
/// </summary>
/// <param name="Side">The side that reads it.</param>
/// <param name="Source">The index of the topic among the side's topics.</param>
/// <param name="Partition">The partition's number in the topic.</param>
readonly record struct PartitionId(Side Side, int Source, int Partition) : IComparable<PartitionId>
{
    /// <summary>By side, then topic, then partition.</summary>
    public int CompareTo(PartitionId other)
    {
        // As numbers: an enumeration's own comparison boxes both.
        var side = ((int)Side).CompareTo((int)other.Side);
        if (side != 0)
            return side;
        var source = Source.CompareTo(other.Source);
        return source != 0 ? source : Partition.CompareTo(other.Partition);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(Side == Side.Left ? "left" : "right")}/{Source}/{Partition}";
}
