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
    const EntryFlags Kept = ~EntryFlags.IdIndexed;

    internal static void Write(ByteWriter writer, IntervalJoin join)
    {
        writer.Number(Slabs(join.Store(Side.Left)) + Slabs(join.Store(Side.Right)));
        Write(writer, join.Store(Side.Left));
        Write(writer, join.Store(Side.Right));
    }

    internal static void Read(ref ByteReader reader, IntervalJoin join)
    {
        for (var slabs = reader.Count(); slabs > 0; slabs--)
        {
            var slab = Slab.Over(reader.Bytes().ToArray());
            var flags = reader.Bytes();
            var index = 0;
            foreach (var start in EventCodec.Starts(slab.Bytes, 0))
                index = ReadBatch(join, slab, start, flags, index);
            if (index != flags.Length)
                throw new MalformedBatchException($"{flags.Length} flags for {index} records");
        }
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

    static int Slabs(SideStore store) => (store.Count + RecordsOfSlab - 1) / RecordsOfSlab;

    static void Write(ByteWriter writer, SideStore store)
    {
        var slab = new SnapshotSlab(writer);
        var order = store.Log.InOrder();
        var (places, ends) = LivePlaces(store, order);
        var first = 0;
        for (var i = 0; i < order.Length; i++)
        {
            ref var content = ref store.Log[order[i]];
            var bytes = content.Memory!.Bytes;
            foreach (var place in places.AsSpan(first..ends[i]))
            {
                var position = (int)(place >> 8);
                slab.Add(bytes[content.HeaderOf(position)..], bytes[position..], (EntryFlags)(byte)place & Kept);
            }

            first = ends[i];
        }

        slab.End();
    }

    // Position * 256 + flags of every live record, slab by slab in order, in order of position; and where each slab's end.
    static (long[] Places, int[] Ends) LivePlaces(SideStore store, int[] order)
    {
        var next = new int[order.Length == 0 ? 0 : order.Max() + 1];
        var total = 0;
        foreach (var slab in order)
        {
            next[slab] = total;
            total += store.Log[slab].Live;
        }

        var places = new long[total];
        for (var i = 0; i < store.Buckets.Count; i++)
        {
            for (var entry = store.Buckets[i].Last; entry != EntryTable.None; entry = store.Previous(entry))
                places[next[store[entry].Slab]++] = ((long)store[entry].Position << 8) | (byte)store[entry].Flags;
        }

        var ends = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            ends[i] = next[order[i]];
            Array.Sort(places, ends[i] - store.Log[order[i]].Live, store.Log[order[i]].Live);
        }

        return (places, ends);
    }
}
