using System.Runtime.InteropServices;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// One record held by a <see cref="SideStore"/>: 24 bytes. What the record itself tells, its key and id above all, is not here: it lies at
/// <see cref="Position"/> of slab <see cref="Slab"/> of the side's log.
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
