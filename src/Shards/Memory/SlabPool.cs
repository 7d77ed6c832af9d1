using System.Numerics;

namespace AkkaJoin.Shards.Memory;

/// <summary>
/// Rents slabs to the key groups of a node. Thread safe. Lengths are powers of two, so that a slab that one key group
/// returns fits another. A slab can have several holders: the record log that rented it, and a snapshot that is being
/// written of it. It is free when the last of them has returned it.
/// </summary>
/// <param name="lengthMin">The least length of a slab.</param>
abstract class SlabPool(int lengthMin) : IDisposable
{
    long _bytes;

    /// <summary>Bytes of slabs that are in use, and of spare ones.</summary>
    internal long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Whether slabs are memory of the process, which a budget counts.</summary>
    internal abstract bool IsMemory { get; }

    /// <summary>The lock under which slabs are rented and returned.</summary>
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

    /// <summary>Adds a holder to a slab that is in use. It must then be returned once more.</summary>
    internal void AddHolder(Slab slab)
    {
        lock (Gate)
            slab.Holders++;
    }

    /// <summary>Removes a holder, who must not read the slab any more. Frees the slab where it was the last.</summary>
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

    /// <summary>Makes a slab whose length is a power of two or the greatest possible. Under the lock.</summary>
    protected abstract Slab Allocate(int length);

    /// <summary>Frees a slab without holders. Under the lock.</summary>
    protected abstract void Free(Slab slab);

    /// <summary>Counts memory that the system gave (positive) or got back (negative), bytes.</summary>
    protected void Count(long bytes) => Interlocked.Add(ref _bytes, bytes);

    int LengthFor(int bytes)
    {
        const int PowerMax = 1 << 30;
        if (bytes > PowerMax)
            return Array.MaxLength;
        return (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(bytes, lengthMin));
    }
}
