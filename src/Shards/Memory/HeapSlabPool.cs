using System.Numerics;

namespace AkkaJoin.Shards.Memory;

/// <summary>
/// Slabs in the process's own memory. Some that came back are kept, so that a state whose size stays makes no garbage.
/// </summary>
/// <param name="lengthMin">The least length of a slab.</param>
/// <param name="spareMin">What may lie unused in any case, bytes.</param>
sealed class HeapSlabPool(int lengthMin = 4096, int spareMin = 1 << 20) : SlabPool(lengthMin)
{
    // What may lie unused, of all that is in use: an eighth.
    const int SpareShare = 8;

    readonly Stack<Slab>[] _spare = [.. Enumerable.Range(0, 32).Select(_ => new Stack<Slab>())];
    long _spareBytes;

    /// <inheritdoc/>
    internal override bool IsMemory => true;

    /// <inheritdoc/>
    protected override Slab Allocate(int length)
    {
        if (_spare[BitOperations.Log2((uint)length)].TryPop(out var spare))
        {
            _spareBytes -= spare.Length;
            return spare;
        }

        var slab = Slab.Over(GC.AllocateUninitializedArray<byte>(length));
        Count(length);
        return slab;
    }

    /// <inheritdoc/>
    protected override void Free(Slab slab)
    {
        _spareBytes += slab.Length;
        _spare[BitOperations.Log2((uint)slab.Length)].Push(slab);

        // Small ones first: they are what a state that has grown has left behind, and nobody asks for them again.
        for (var power = 0; power < _spare.Length; power++)
        {
            while (_spareBytes > Math.Max(spareMin, (Bytes - _spareBytes) / SpareShare) && _spare[power].TryPop(out var dropped))
            {
                _spareBytes -= dropped.Length;
                Count(-dropped.Length);
            }
        }
    }
}
