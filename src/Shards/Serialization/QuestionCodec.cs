using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.Serialization;

/// <summary>The bytes of what people ask of nodes and of key groups, and of the answers.</summary>
static class QuestionCodec
{
    internal static void Write(ByteWriter writer, NodeQuestion m)
    {
        writer.Number(m.Number);
        writer.Text(m.Name);
        writer.Bytes(m.Arguments);
    }

    internal static NodeQuestion ReadNodeQuestion(ref ByteReader reader) => new(reader.Number(), reader.Text(), reader.Bytes().ToArray());

    internal static void Write(ByteWriter writer, NodeAnswer m)
    {
        writer.Number(m.Number);
        writer.Number(m.Index);
        writer.Number(m.Count);
        Write(writer, m.IsError);
        writer.Bytes(m.Bytes);
    }

    internal static NodeAnswer ReadNodeAnswer(ref ByteReader reader) =>
        new(reader.Number(), reader.Int(), reader.Int(), reader.Byte() != 0, reader.Bytes().ToArray());

    internal static void Write(ByteWriter writer, AskKey m)
    {
        writer.Number(m.Group);
        writer.Bytes(m.Key);
        writer.Long(m.FromMs);
        writer.Long(m.ToMs);
        writer.Number(m.Limit);
        Write(writer, m.WithValues);
        writer.Bytes(m.Id);
    }

    internal static AskKey ReadAskKey(ref ByteReader reader) =>
        new(reader.Int(), reader.Bytes().ToArray(), reader.Long(), reader.Long(), reader.Int())
        {
            WithValues = reader.Byte() != 0,
            Id = reader.Bytes().ToArray(),
        };

    internal static void Write(ByteWriter writer, KeyReport m)
    {
        writer.Number(m.Group);
        writer.Number(m.Sequence);
        writer.Long(m.Watermarks.Left);
        writer.Long(m.Watermarks.Right);
        PartitionIdCodec.Write(writer, m.Watermarks.LeftHolder);
        PartitionIdCodec.Write(writer, m.Watermarks.RightHolder);
        Write(writer, m.Left);
        Write(writer, m.Right);
    }

    internal static KeyReport ReadKeyReport(ref ByteReader reader) => new(
        reader.Int(),
        reader.Number(),
        new SideWatermarks(reader.Long(), reader.Long(), PartitionIdCodec.Read(ref reader), PartitionIdCodec.Read(ref reader)),
        ReadSide(ref reader),
        ReadSide(ref reader));

    static void Write(ByteWriter writer, KeySideReport side)
    {
        writer.Number(side.Count);
        Write(writer, side.IsExact);
        writer.Number(side.Entries.Length);
        foreach (var entry in side.Entries)
            Write(writer, entry);
    }

    static KeySideReport ReadSide(ref ByteReader reader)
    {
        var (count, isExact) = (reader.Int(), reader.Byte() != 0);
        var entries = new KeyEntry[reader.Count()];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = ReadEntry(ref reader);
        return new KeySideReport(count, isExact, entries);
    }

    static void Write(ByteWriter writer, KeyEntry entry)
    {
        writer.Number(entry.Source);
        writer.Number(entry.Partition);
        writer.Number(entry.Offset);
        writer.Long(entry.TimeMs);
        writer.Byte((byte)entry.State);
        writer.Byte((byte)entry.Flags);
        writer.Long(entry.TimestampMs);
        WriteOptional(writer, entry.Id);
        Write(writer, entry.Closes);
        Write(writer, entry.Forgets);
        writer.Long(entry.ValueLength);
        WriteOptional(writer, entry.Value);
    }

    // Initializers run in the order in which they are written: that of Write.
    static KeyEntry ReadEntry(ref ByteReader reader) =>
        new(reader.Int(), reader.Int(), reader.Number(), reader.Long(), ReadState(ref reader), (EntryFlags)reader.Byte())
        {
            TimestampMs = reader.Long(),
            Id = ReadOptional(ref reader),
            Closes = ReadNeed(ref reader),
            Forgets = ReadNeed(ref reader),
            ValueLength = (int)Math.Clamp(reader.Long(), -1, int.MaxValue),
            Value = ReadOptional(ref reader),
        };

    static KeyEntryState ReadState(ref ByteReader reader)
    {
        var state = (KeyEntryState)reader.Byte();
        return state <= KeyEntryState.Repairable ? state : throw new MalformedBatchException($"an entry in the state {(byte)state}");
    }

    static void Write(ByteWriter writer, in WatermarkNeed need)
    {
        writer.Long(need.Left);
        writer.Long(need.Right);
    }

    static WatermarkNeed ReadNeed(ref ByteReader reader) => new(reader.Long(), reader.Long());

    static void WriteOptional(ByteWriter writer, byte[]? bytes)
    {
        Write(writer, bytes is not null);
        if (bytes is not null)
            writer.Bytes(bytes);
    }

    static byte[]? ReadOptional(ref ByteReader reader) => reader.Byte() != 0 ? reader.Bytes().ToArray() : null;

    static void Write(ByteWriter writer, bool value) => writer.Byte(value ? (byte)1 : (byte)0);
}
