using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AkkaJoin.Shards.Checks;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// Entries by number. They are handed out in chains of blocks, one chain a time bucket, and given back a chain at a
/// time; so a chain costs a link per block and not one per entry. Pages hold the blocks, so that growing never copies
/// what is there.
/// <para>
/// Invariants. Every block below <see cref="_used"/> is either in a chain or in the free list that begins at
/// <see cref="_free"/>. <see cref="Count"/> is the number of entries in all chains.
/// </para>
/// </summary>
sealed class EntryTable
{
    internal const int None = -1;

    // Small, since the newest block of each chain is half empty on average.
    const int BlockBits = 4;
    const int BlockMask = (1 << BlockBits) - 1;
    const int PageBits = 12;
    const int PageMask = (1 << PageBits) - 1;
    const int BlocksOfPage = 1 << (PageBits - BlockBits);

    JoinEntry[][] _pages = [];

    // Per block the block before it in its chain, or in the free list; None at the end.
    int[][] _before = [];

    int _used;
    int _free = None;

    /// <summary>Entries in all chains.</summary>
    internal int Count { get; private set; }

    /// <summary>Bytes of the table itself.</summary>
    internal long Bytes => _pages.Length * (((1L << PageBits) * Unsafe.SizeOf<JoinEntry>()) + (BlocksOfPage * sizeof(int)));

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
        if (last != None && (last & BlockMask) != BlockMask)
            return last + 1;
        var block = AllocateBlock();
        Before(block) = last == None ? None : last >> BlockBits;
        return block << BlockBits;
    }

    /// <summary>The entry before one in its chain, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Previous(int entry)
    {
        if ((entry & BlockMask) != 0)
            return entry - 1;
        var block = Before(entry >> BlockBits);
        return block == None ? None : (block << BlockBits) | BlockMask;
    }

    /// <summary>Gives a whole chain back.</summary>
    internal void Free(int last)
    {
        Invariant.Holds(last >= 0 && last >> BlockBits < _used, "a chain that is given back is one of the table");
        for (var block = last >> BlockBits; block != None;)
        {
            Count -= (last & BlockMask) + 1;
            last = BlockMask;
            ref var before = ref Before(block);
            var next = before;
            before = _free;
            _free = block;
            block = next;
        }

        if (Count > 0)
            return;

        // An empty store gives its memory back, and numbers begin at 0 again.
        _pages = [];
        _before = [];
        _used = 0;
        _free = None;
    }

    /// <summary>Checks the invariants.</summary>
    /// <param name="chains">The last entry of each chain.</param>
    [Conditional("CHECKED")]
    internal void Check(IEnumerable<int> chains)
    {
        var seen = new HashSet<int>();
        var entries = 0;
        foreach (var last in chains)
        {
            for (var entry = last; entry != None; entry = Previous(entry))
            {
                entries++;
                if ((entry & BlockMask) == 0)
                    Invariant.Holds(seen.Add(entry >> BlockBits), "a block is in one chain");
            }
        }

        for (var block = _free; block != None; block = Before(block))
            Invariant.Holds(seen.Add(block), "a free block is in no chain, and in the free list once");
        Invariant.Holds(seen.Count == _used, "every block is either in a chain or in the free list");
        Invariant.Holds(entries == Count, "the table's count is the number of entries in all chains");
    }

    int AllocateBlock()
    {
        if (_free != None)
        {
            var block = _free;
            _free = Before(block);
            return block;
        }

        if (_used == _pages.Length * BlocksOfPage)
        {
            Array.Resize(ref _pages, _pages.Length + 1);
            _pages[^1] = GC.AllocateUninitializedArray<JoinEntry>(1 << PageBits);
            Array.Resize(ref _before, _before.Length + 1);
            _before[^1] = new int[BlocksOfPage];
        }

        return _used++;
    }

    ref int Before(int block) => ref _before[block / BlocksOfPage][block % BlocksOfPage];
}

/// <summary>
/// One buffered record of a <see cref="SideStore"/>: 24 bytes. What the record itself tells, its key and id above all,
/// is not here: it lies at <see cref="Position"/> of slab <see cref="Slab"/> of the side's log.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
struct JoinEntry
{
    const int FlagBits = 8;

    // Event times have 54 bits.
    long _timeAndFlags;

    internal int Slab;
    internal int Position;

    /// <summary>Children in the key's treap, or <see cref="EntryTable.None"/>.</summary>
    internal int Lower, Higher;

    internal JoinEntry(long time, EntryFlags flags, int slab, int position)
    {
        _timeAndFlags = (time << FlagBits) | (byte)flags;
        Slab = slab;
        Position = position;
        Lower = EntryTable.None;
        Higher = EntryTable.None;
    }

    /// <summary>The event time, ms since the epoch.</summary>
    internal readonly long Time => _timeAndFlags >> FlagBits;

    internal EntryFlags Flags
    {
        readonly get => (EntryFlags)(byte)_timeAndFlags;
        set => _timeAndFlags = (_timeAndFlags & ~0xFFL) | (byte)value;
    }
}

/// <summary>What an entry has been through. The numbers are part of snapshots.</summary>
[Flags]
enum EntryFlags : byte
{
    None = 0,

    /// <summary>It has a partner.</summary>
    Matched = 1,

    /// <summary>It was late when it came: it never gives an unmatched row.</summary>
    Late = 2,

    /// <summary>
    /// Its row came out, or it can join no more. Only its id is still remembered; with <c>late.policy = repair</c> a
    /// record that comes late may still join it.
    /// </summary>
    Done = 4,

    /// <summary>It is in the key index. One that was done when it came is not.</summary>
    Indexed = 8,

    /// <summary>Attribution, a left: its window is closed, but a buffered right can still take it.</summary>
    AwaitsRight = 16,

    /// <summary>It is in the id index. Not part of snapshots.</summary>
    IdIndexed = 32,

    /// <summary>The id of the row in which it stands is kept (<see cref="KeptRows"/>).</summary>
    RowKept = 64,
}

/// <summary>A list of entries that is used again and again.</summary>
sealed class EntryList
{
    int[] _items = new int[16];

    internal int Count { get; private set; }

    internal int this[int index] => _items[index];

    internal void Add(int entry)
    {
        if (Count == _items.Length)
            Array.Resize(ref _items, Count * 2);
        _items[Count++] = entry;
    }

    internal void Clear() => Count = 0;
}
