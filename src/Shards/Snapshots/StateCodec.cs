using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Memory;

namespace AkkaJoin.Shards.Snapshots;

/// <summary>
/// The buffered records of a snapshot: first the left ones, then the right ones, in the order and the form in which
/// they came. Each slab has <see cref="RecordsOfSlab"/> records. So the bytes depend on the records alone, and not on
/// how the record log is cut into slabs at the moment.
/// </summary>
static class StateCodec
{
    internal const int RecordsOfSlab = 1024;

    /// <summary>The flags that are part of snapshots.</summary>
    internal const EntryFlags Kept = ~EntryFlags.IdIndexed;

    /// <summary>Reads a slab.</summary>
    internal static void ReadSlab(ref ByteReader reader, JoinState state)
    {
        var slab = Slab.Over(reader.Bytes().ToArray());
        var flags = reader.Bytes();
        var rows = new KeptRowReader(HasRows(flags) ? reader.Bytes() : default);
        var index = 0;
        foreach (var start in EventCodec.Starts(slab.Bytes, 0))
            index = ReadBatch(state, slab, start, flags, index, ref rows);
        if (index != flags.Length)
            throw new MalformedBatchException($"{flags.Length} flags for {index} records");
        if (!rows.AtEnd)
            throw new MalformedBatchException("more rows are kept than records say so");
    }

    static bool HasRows(ReadOnlySpan<byte> flags)
    {
        foreach (var flag in flags)
        {
            if (HasRow((EntryFlags)flag))
                return true;
        }

        return false;
    }

    static bool HasRow(EntryFlags flags) => (flags & EntryFlags.RowKept) != 0;

    static int ReadBatch(JoinState state, Slab slab, int start, ReadOnlySpan<byte> flags, int index, ref KeptRowReader rows)
    {
        var header = RecordBatch.Validate(slab.Bytes[start..]);
        var position = start + BatchHeader.Size;
        for (var i = 0; i < header.Count; i++)
        {
            if (index >= flags.Length)
                throw new MalformedBatchException("fewer flags than records");
            var record = RecordView.Read(slab.Bytes, position, header);
            var own = (EntryFlags)flags[index++] & Kept;
            state.Restore(header.Side, new RecordAddress(slab, position, start), record, own, HasRow(own) ? rows.Next() : default);
            position = record.Next;
        }

        return index;
    }
}
