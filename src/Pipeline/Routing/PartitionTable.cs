using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Histograms;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// The partitions that this node reads, by topic and number, and by the id that key groups know. It also keeps the
/// counts of those that are gone, so that the counts since the start never fall.
/// <para>
/// Invariants. Each side of each partition is found by its id, and nothing else is. A partition that is gone has no
/// current generation: whatever was sent of it counts no more.
/// </para>
/// </summary>
sealed class PartitionTable
{
    readonly Dictionary<(string Topic, int Partition), SourcePartition> _partitions = [];
    readonly Dictionary<PartitionId, (SourcePartition Owner, SidePartition Side)> _byId = [];

    /// <summary>All of them, as they are at each moment.</summary>
    internal Dictionary<(string Topic, int Partition), SourcePartition>.ValueCollection All => _partitions.Values;

    /// <summary>Records that were read of partitions that are gone.</summary>
    internal long ConsumedOfGone { get; private set; }

    /// <summary>What became of the lefts of partitions that are gone.</summary>
    internal SideFates LeftOfGone { get; private set; }

    /// <summary>What became of the rights of partitions that are gone.</summary>
    internal SideFates RightOfGone { get; private set; }

    /// <summary>How disordered the lefts of partitions that are gone were.</summary>
    internal LogHistogram LeftDisorderOfGone { get; } = new();

    /// <summary>How disordered the rights of partitions that are gone were.</summary>
    internal LogHistogram RightDisorderOfGone { get; } = new();

    internal void Add(SourcePartition partition)
    {
        _partitions[(partition.Topic, partition.Partition)] = partition;
        foreach (var side in partition.Sides)
            _byId[side.Id] = (partition, side);
        CheckIds();
    }

    internal void Remove(SourcePartition partition)
    {
        ConsumedOfGone += partition.Sides[0].Fates.Consumed;
        LeftOfGone += partition.FatesOf(Side.Left);
        RightOfGone += partition.FatesOf(Side.Right);
        partition.Generation = SourcePartition.NoGeneration;
        _partitions.Remove((partition.Topic, partition.Partition));
        foreach (var side in partition.Sides)
        {
            (side.Id.Side == Side.Left ? LeftDisorderOfGone : RightDisorderOfGone).Add(side.Disorder);
            _byId.Remove(side.Id);
        }

        CheckIds();
    }

    /// <summary>The partition of that assignment; null where it is gone, or was assigned anew.</summary>
    internal SourcePartition? Find(string topic, int partition, int generation) =>
        _partitions.TryGetValue((topic, partition), out var found) && found.Generation == generation ? found : null;

    /// <summary>The side of a partition that a key group speaks of. False where the partition is gone.</summary>
    internal bool TryFind(PartitionId id, out SourcePartition owner, out SidePartition side)
    {
        var found = _byId.TryGetValue(id, out var both);
        (owner, side) = both;
        return found;
    }

    void CheckIds()
    {
        Invariant.Holds(
            All.Sum(p => p.Sides.Length) == _byId.Count && All.All(p => p.Sides.All(s => _byId[s.Id] == (p, s))),
            "each side of each partition is found by its id, and nothing else is");
        Invariant.Holds(All.All(p => p.Generation != SourcePartition.NoGeneration), "only a partition that is gone has no generation");
    }
}
