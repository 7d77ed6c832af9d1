using AkkaJoin.Shards.Memory;

namespace AkkaJoin.Shards.Tests.Memory;

/// <summary>Slabs that pass for pieces of files, and what was asked to be read ahead.</summary>
sealed class WatchedSlabPool() : SlabPool(256)
{
    internal override bool IsMemory => false;

    internal List<(Slab Slab, int From, int Length)> Asked { get; } = [];

    internal override void ReadAhead(Slab slab, int from, int length) => Asked.Add((slab, from, length));

    protected override Slab Allocate(int length) => Slab.Over(new byte[length]);

    protected override void Free(Slab slab)
    {
    }
}
