using System.Runtime.CompilerServices;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Shards.Join;

/// <summary>
/// With <c>late.policy = repair</c>: in which row an entry stands now, so that a later row can take that one's place.
/// Few entries have one, so it is beside the entries. An entry that has one says so: <see cref="EntryFlags.RowKept"/>.
/// </summary>
/// <param name="entries">The entries of the side.</param>
sealed class KeptRows(EntryTable entries)
{
    // An empty table that was larger gives its memory back.
    const int KeptCapacity = 1024;

    // Of a dictionary: a bucket, a hash and a link, beside key and value.
    const int Overhead = 3 * sizeof(int);

    readonly List<string> _writers = [];
    Dictionary<int, KeptRow> _rows = [];

    /// <summary>Entries that have one.</summary>
    internal int Count => _rows.Count;

    /// <summary>Bytes of the table.</summary>
    internal long Bytes => (long)_rows.EnsureCapacity(0) * (Overhead + sizeof(int) + Unsafe.SizeOf<KeptRow>());

    /// <summary>The row in which an entry stands; it has one.</summary>
    internal RowId this[int entry]
    {
        get
        {
            var row = _rows[entry];
            return new RowId(_writers[row.Writer], row.Sequence, row.Index);
        }
    }

    /// <summary>The entry stands in this row from now on.</summary>
    internal void Keep(int entry, in RowId row)
    {
        // Rows are of the incarnation that is alive, or come from a snapshot one after the other: nearly always the
        // last.
        var writer = _writers.Count - 1;
        while (writer >= 0 && _writers[writer] != row.Incarnation)
            writer--;
        if (writer < 0)
        {
            writer = _writers.Count;
            _writers.Add(row.Incarnation);
        }

        _rows[entry] = new KeptRow(row.Sequence, row.Index, writer);
        entries[entry].Flags |= EntryFlags.RowKept;
    }

    /// <summary>The entry's row is superseded, or cannot be any more; it has one.</summary>
    internal void Drop(int entry)
    {
        var isDropped = _rows.Remove(entry);
        Invariant.Holds(isDropped, "an entry whose flag says so has a row that is kept");
        entries[entry].Flags &= ~EntryFlags.RowKept;
        if (_rows.Count == 0 && _rows.EnsureCapacity(0) > KeptCapacity)
            _rows = [];
    }

    /// <summary>No row is superseded any more.</summary>
    internal void DropAll()
    {
        foreach (var entry in _rows.Keys)
            entries[entry].Flags &= ~EntryFlags.RowKept;
        _rows = [];
        _writers.Clear();
    }

    readonly record struct KeptRow(long Sequence, int Index, int Writer);
}
