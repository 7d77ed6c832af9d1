using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Shards.Journal;

/// <summary>
/// The records of a snapshot: those that live, the left ones and then the right ones, in the order and the form in which they came, in slabs of so
/// many records each. They depend on the records alone, and not on how the log is cut into slabs just now.
/// </summary>
static class StateCodec
{
    internal const int RecordsOfSlab = 1024;

    /// <summary>The flags that are part of snapshots.</summary>
    internal const EntryFlags Kept = ~EntryFlags.IdIndexed;

    /// <summary>Reads a slab.</summary>
    internal static void ReadSlab(ref ByteReader reader, IntervalJoin join)
    {
        var slab = Slab.Over(reader.Bytes().ToArray());
        var flags = reader.Bytes();
        var index = 0;
        foreach (var start in EventCodec.Starts(slab.Bytes, 0))
            index = ReadBatch(join, slab, start, flags, index);
        if (index != flags.Length)
            throw new MalformedBatchException($"{flags.Length} flags for {index} records");
    }

    static int ReadBatch(IntervalJoin join, Slab slab, int start, ReadOnlySpan<byte> flags, int index)
    {
        var header = RecordBatch.Validate(slab.Bytes[start..]);
        var position = start + BatchHeader.Size;
        for (var i = 0; i < header.Count; i++)
        {
            if (index >= flags.Length)
                throw new MalformedBatchException("fewer flags than records");
            var record = RecordView.Read(slab.Bytes, position, header);
            join.Restore(header.Side, new RecordPlace(slab, position, start), record, (EntryFlags)flags[index++] & Kept);
            position = record.Next;
        }

        return index;
    }
}
