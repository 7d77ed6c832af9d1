using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Shards.Journal;

/// <summary>The records of a snapshot: slab by slab, the records that live, in the form in which they came.</summary>
static class StateCodec
{
    internal static void Write(ByteWriter writer, IntervalJoin join)
    {
        var order = join.Slabs.InOrder();
        var entriesBySlab = EntriesBySlab(join, order);
        writer.Number(order.Length);
        var compact = new ByteWriter(1 << 16);
        for (var i = 0; i < order.Length; i++)
        {
            compact.Clear();
            var flags = Compact(join, order[i], entriesBySlab[i], compact);
            writer.Bytes(compact.Written);
            writer.Bytes(flags);
        }
    }

    internal static void Read(ref ByteReader reader, IntervalJoin join)
    {
        for (var slabs = reader.Count(); slabs > 0; slabs--)
        {
            var bytes = reader.Bytes().ToArray();
            var flags = reader.Bytes();
            var starts = EventCodec.Starts(bytes, 0);
            var slab = join.Begin(bytes, starts);
            var index = 0;
            foreach (var start in starts)
                index = ReadBatch(join, bytes, slab, start, flags, index);
            if (index != flags.Length)
                throw new MalformedBatchException($"{flags.Length} flags for {index} records");
        }
    }

    static int ReadBatch(IntervalJoin join, byte[] bytes, int slab, int start, ReadOnlySpan<byte> flags, int index)
    {
        var header = RecordBatch.Validate(bytes.AsSpan(start));
        var position = start + BatchHeader.Size;
        for (var i = 0; i < header.Count; i++)
        {
            if (index >= flags.Length)
                throw new MalformedBatchException("fewer flags than records");
            var record = RecordView.Read(bytes, position, header);
            join.Restore(header.Side, slab, position, record, (EntryFlags)flags[index++]);
            position = record.Next;
        }

        return index;
    }

    // Per slab the places and flags of its live records, in order of place.
    static List<(int Position, EntryFlags Flags)>[] EntriesBySlab(IntervalJoin join, int[] order)
    {
        var indexOf = new Dictionary<int, int>(order.Length);
        for (var i = 0; i < order.Length; i++)
            indexOf[order[i]] = i;
        var entries = new List<(int Position, EntryFlags Flags)>[order.Length];
        for (var i = 0; i < order.Length; i++)
            entries[i] = [];
        Collect(join.Store(Side.Left), indexOf, entries);
        Collect(join.Store(Side.Right), indexOf, entries);
        foreach (var list in entries)
            list.Sort((a, b) => a.Position.CompareTo(b.Position));
        return entries;
    }

    static void Collect(SideStore store, Dictionary<int, int> indexOf, List<(int Position, EntryFlags Flags)>[] entries)
    {
        for (var i = 0; i < store.Buckets.Count; i++)
        {
            for (var entry = store.Buckets[i].Head; entry != EntryTable.None; entry = store[entry].BucketNext)
                entries[indexOf[store[entry].Slab]].Add((store[entry].Position, store[entry].Flags));
        }
    }

    static byte[] Compact(IntervalJoin join, int slab, List<(int Position, EntryFlags Flags)> entries, ByteWriter writer)
    {
        var bytes = join.Slabs.BytesOf(slab);
        var flags = new byte[entries.Count];
        var i = 0;
        while (i < entries.Count)
        {
            var headerPosition = join.Slabs.Place(slab, entries[i].Position).HeaderPosition;
            var header = BatchHeader.Read(bytes[headerPosition..]);
            var end = headerPosition + header.Length;
            var first = i;
            var length = BatchHeader.Size;
            for (; i < entries.Count && entries[i].Position < end; i++)
            {
                flags[i] = (byte)entries[i].Flags;
                length += RecordView.Read(bytes, entries[i].Position, header).Next - entries[i].Position;
            }

            writer.Header(header.WithContent(length, i - first));
            for (var r = first; r < i; r++)
                writer.Raw(bytes[entries[r].Position..RecordView.Read(bytes, entries[r].Position, header).Next]);
        }

        return flags;
    }
}
