using System.Runtime.CompilerServices;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// Entries by number. They are handed out in chains of chunks, one chain a time bucket, and given back a chain at a time; so a chain costs
/// a link per chunk and not one per entry. Pages hold the chunks, so that growing never copies what is there.
/// </summary>
sealed class EntryTable
{
    internal const int None = -1;

    // Small, since the newest chunk of each chain is half empty on average.
    const int ChunkBits = 4;
    const int ChunkMask = (1 << ChunkBits) - 1;
    const int PageBits = 12;
    const int PageMask = (1 << PageBits) - 1;
    const int ChunksOfPage = 1 << (PageBits - ChunkBits);

    JoinEntry[][] _pages = [];

    // Per chunk the chunk before it in its chain, or in the free list; None at the end.
    int[][] _before = [];

    // Invariant: every chunk below _used is either in a chain or in the free list that begins at _free.
    int _used;
    int _free = None;

    /// <summary>Entries held.</summary>
    internal int Count { get; private set; }

    /// <summary>Bytes of the table itself.</summary>
    internal long Bytes => _pages.Length * (((1L << PageBits) * Unsafe.SizeOf<JoinEntry>()) + (ChunksOfPage * sizeof(int)));

    internal ref JoinEntry this[int entry]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _pages[entry >> PageBits][entry & PageMask];
    }

    /// <summary>A new entry at the end of a chain.</summary>
    /// <param name="last">The chain's last entry, or <see cref="None"/> for a chain that begins.</param>
    internal int Allocate(int last)
    {
        Count++;
        if (last != None && (last & ChunkMask) != ChunkMask)
            return last + 1;
        var chunk = AllocateChunk();
        Before(chunk) = last == None ? None : last >> ChunkBits;
        return chunk << ChunkBits;
    }

    /// <summary>The entry before one in its chain, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Previous(int entry)
    {
        if ((entry & ChunkMask) != 0)
            return entry - 1;
        var chunk = Before(entry >> ChunkBits);
        return chunk == None ? None : (chunk << ChunkBits) | ChunkMask;
    }

    /// <summary>Gives a whole chain back.</summary>
    internal void Free(int last)
    {
        for (var chunk = last >> ChunkBits; chunk != None;)
        {
            Count -= (last & ChunkMask) + 1;
            last = ChunkMask;
            ref var before = ref Before(chunk);
            var next = before;
            before = _free;
            _free = chunk;
            chunk = next;
        }

        if (Count > 0)
            return;

        // An empty store gives its memory back, and numbers begin at 0 again.
        _pages = [];
        _before = [];
        _used = 0;
        _free = None;
    }

    int AllocateChunk()
    {
        if (_free != None)
        {
            var chunk = _free;
            _free = Before(chunk);
            return chunk;
        }

        if (_used == _pages.Length * ChunksOfPage)
        {
            Array.Resize(ref _pages, _pages.Length + 1);
            _pages[^1] = GC.AllocateUninitializedArray<JoinEntry>(1 << PageBits);
            Array.Resize(ref _before, _before.Length + 1);
            _before[^1] = new int[ChunksOfPage];
        }

        return _used++;
    }

    ref int Before(int chunk) => ref _before[chunk / ChunksOfPage][chunk % ChunksOfPage];
}
