using System.Numerics;
using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Shards.Memory;

/// <summary>
/// Where slabs come from and go to; one for all key groups of a node, any thread. Lengths are powers of two, so that what one group gives
/// back fits another. A slab may be held several times, by the log that rented it and by a snapshot that is being written of it: whoever is the last
/// to return it gives it back.
/// </summary>
/// <param name="lengthMin">The least length of a slab.</param>
abstract class SlabPool(int lengthMin) : IDisposable
{
    long _bytes;

    /// <summary>Bytes of slabs that are in use, and of others that are kept.</summary>
    internal long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Whether slabs are memory of the process, which a budget counts.</summary>
    internal abstract bool IsMemory { get; }

    /// <summary>Held while slabs are given and taken.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>A slab of at least so many bytes, with anything in them.</summary>
    /// <exception cref="StateException">There is no room for it.</exception>
    internal Slab Rent(int bytes)
    {
        lock (Gate)
        {
            var slab = Allocate(LengthFor(bytes));
            slab.Holders = 1;
            return slab;
        }
    }

    /// <summary>Holds a slab that is in use once more: it is to be returned once more.</summary>
    internal void Hold(Slab slab)
    {
        lock (Gate)
            slab.Holders++;
    }

    /// <summary>Takes a slab back from one of its holders, who reads it no more.</summary>
    internal void Return(Slab slab)
    {
        lock (Gate)
        {
            if (--slab.Holders == 0)
                Free(slab);
        }
    }

    /// <summary>A piece of a slab will be read soon.</summary>
    internal virtual void ReadAhead(Slab slab, int from, int length)
    {
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Gives a slab of a length that is a power of two or the greatest there is; under the pool's lock.</summary>
    protected abstract Slab Allocate(int length);

    /// <summary>Takes a slab back; under the pool's lock.</summary>
    protected abstract void Free(Slab slab);

    /// <summary>Counts memory that was taken from the system, or given back to it.</summary>
    protected void Count(long bytes) => Interlocked.Add(ref _bytes, bytes);

    int LengthFor(int bytes)
    {
        const int PowerMax = 1 << 30;
        if (bytes > PowerMax)
            return Array.MaxLength;
        return (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(bytes, lengthMin));
    }
}
