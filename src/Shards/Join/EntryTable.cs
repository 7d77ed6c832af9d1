using System.Runtime.CompilerServices;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// Entries by number, in chunks so that growing never copies what is there. Numbers are used again after <see cref="Free"/>.
/// </summary>
sealed class EntryTable
{
    internal const int None = -1;
    const int ChunkBits = 12;
    const int ChunkSize = 1 << ChunkBits;

    JoinEntry[][] _chunks = [];

    // Invariant: every number below _used is either held by the store or in the free list that begins at _free.
    int _used;
    int _free = None;

    /// <summary>Entries held.</summary>
    internal int Count { get; private set; }

    /// <summary>Bytes of the table itself.</summary>
    internal long Bytes => (long)_chunks.Length * ChunkSize * Unsafe.SizeOf<JoinEntry>();

    internal ref JoinEntry this[int entry]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _chunks[entry >> ChunkBits][entry & (ChunkSize - 1)];
    }

    internal int Allocate()
    {
        Count++;
        if (_free != None)
        {
            var entry = _free;
            _free = this[entry].Lower;
            return entry;
        }

        if (_used >> ChunkBits == _chunks.Length)
        {
            Array.Resize(ref _chunks, _chunks.Length + 1);
            _chunks[^1] = new JoinEntry[ChunkSize];
        }

        return _used++;
    }

    internal void Free(int entry)
    {
        Count--;
        if (Count == 0)
        {
            // An empty store gives its memory back, and numbers begin at 0 again.
            _chunks = [];
            _used = 0;
            _free = None;
            return;
        }

        this[entry] = default;
        this[entry].Lower = _free;
        _free = entry;
    }
}
