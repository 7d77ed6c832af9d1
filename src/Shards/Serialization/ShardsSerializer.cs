using Akka.Actor;
using Akka.Serialization;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.Serialization;

/// <summary>Messages, events and snapshots as bytes. The formats are those of the codecs; an event is its own bytes.</summary>
sealed class ShardsSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <inheritdoc/>
    public override int Identifier => SerializerIds.Shards;

    /// <inheritdoc/>
    public override string Manifest(object o) => o switch
    {
        JournalEvent => SerializerIds.JournalEvent,
        GroupSnapshot => SerializerIds.GroupSnapshot,
        Deliver => SerializerIds.Deliver,
        DeliverTicks m => m.Stamp == 0 ? SerializerIds.DeliverTicks : SerializerIds.DeliverTicksResting,
        GroupAck m => m.Event is null ? SerializerIds.GroupAck : SerializerIds.GroupAckResting,
        GroupGap m => m.Event is null ? SerializerIds.GroupGap : SerializerIds.GroupGapResting,
        GroupFellBack => SerializerIds.GroupFellBack,
        CloseTime => SerializerIds.CloseTime,
        TimeClosed => SerializerIds.TimeClosed,
        StartGroup => SerializerIds.StartGroup,
        AskStatus => SerializerIds.AskStatus,
        GroupStatus => SerializerIds.GroupStatus,
        FlushGroup => SerializerIds.FlushGroup,
        RenewJournal => SerializerIds.RenewJournal,
        NodeTicks m => m.Stamp == 0 ? SerializerIds.NodeTicks : SerializerIds.NodeTicksResting,
        NodeFloor => SerializerIds.NodeFloor,
        DeliverPart => SerializerIds.DeliverPart,
        StopGroup => SerializerIds.StopGroup,
        _ => throw new ArgumentException($"no manifest for {o.GetType()}", nameof(o)),
    };

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        switch (obj)
        {
            case JournalEvent e:
                return e.Bytes;
            case GroupSnapshot s:
                return s.Bytes;
        }

        var writer = new ByteWriter();
        Write(writer, obj);
        return writer.ToArray();
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        switch (manifest)
        {
            case SerializerIds.JournalEvent:
                return new JournalEvent(bytes);
            case SerializerIds.GroupSnapshot:
                return new GroupSnapshot(bytes);
        }

        var reader = new ByteReader(bytes);
        return manifest switch
        {
            SerializerIds.Deliver => new Deliver(reader.Int(), reader.Bytes().ToArray()),
            SerializerIds.DeliverTicks => ReadTicks(ref reader),
            SerializerIds.DeliverTicksResting => ReadTicks(ref reader) with { Stamp = reader.Number(), RestsOn = ReadEvents(ref reader) },
            SerializerIds.GroupAck => new GroupAck(reader.Int(), ReadCovered(ref reader)),
            SerializerIds.GroupAckResting => new GroupAck(reader.Int(), ReadCovered(ref reader)) { Event = ReadEvent(ref reader), Stamp = reader.Number() },
            SerializerIds.GroupGapResting => new GroupGap(reader.Int(), PartitionIdCodec.Read(ref reader), reader.Number(), reader.Byte() != 0) { Event = ReadEvent(ref reader) },
            SerializerIds.GroupFellBack => new GroupFellBack(reader.Int(), ReadEvent(ref reader), ReadCovered(ref reader)) { Event = ReadEvent(ref reader) },
            SerializerIds.GroupGap => new GroupGap(reader.Int(), PartitionIdCodec.Read(ref reader), reader.Number(), reader.Byte() != 0),
            SerializerIds.CloseTime => new CloseTime(reader.Int(), reader.Long(), reader.Long()),
            SerializerIds.TimeClosed => new TimeClosed(reader.Int()),
            SerializerIds.StartGroup => new StartGroup(reader.Int()),
            SerializerIds.AskStatus => new AskStatus(reader.Int()),
            SerializerIds.GroupStatus => ReadStatus(ref reader),
            SerializerIds.FlushGroup => new FlushGroup(reader.Int()),
            SerializerIds.RenewJournal => new RenewJournal(reader.Int(), reader.Text()),
            SerializerIds.NodeTicks => ReadNodeTicks(ref reader),
            SerializerIds.NodeTicksResting => ReadNodeTicks(ref reader) with { Stamp = reader.Number(), RestsOn = ReadGroups(ref reader) },
            SerializerIds.NodeFloor => new NodeFloor(reader.Long()),
            SerializerIds.DeliverPart => new DeliverPart(reader.Int(), reader.Number(), reader.Int(), reader.Int(), reader.Bytes().ToArray()),
            SerializerIds.StopGroup => StopGroup.Instance,
            _ => throw new MalformedBatchException($"the manifest '{manifest}'"),
        };
    }

    static void Write(ByteWriter writer, object obj)
    {
        switch (obj)
        {
            case Deliver m:
                writer.Number(m.Group);
                writer.Bytes(m.Batches);
                break;
            case DeliverTicks m:
                writer.Number(m.Group);
                WriteTicks(writer, m.Ticks, m.Flush);
                if (m.Stamp == 0)
                    break;
                writer.Number(m.Stamp);
                WriteEvents(writer, m.RestsOn);
                break;
            case NodeTicks m:
                WriteTicks(writer, m.Ticks, m.Flush);
                if (m.Stamp == 0)
                    break;
                writer.Number(m.Stamp);
                writer.Number(m.RestsOn.Length);
                foreach (var group in m.RestsOn)
                    WriteEvents(writer, group);
                break;
            case NodeFloor m:
                writer.Long(m.Floor);
                break;
            case DeliverPart m:
                writer.Number(m.Group);
                writer.Number(m.Message);
                writer.Number(m.Index);
                writer.Number(m.Count);
                writer.Bytes(m.Bytes);
                break;
            case GroupAck m:
                writer.Number(m.Group);
                WriteCovered(writer, m.Items);
                if (m.Event is not { } ackedBy)
                    break;
                WriteEvent(writer, ackedBy);
                writer.Number(m.Stamp);
                break;
            case GroupGap m:
                writer.Number(m.Group);
                PartitionIdCodec.Write(writer, m.Partition);
                writer.Number(m.CoveredThrough);
                writer.Byte(m.IsProven ? (byte)1 : (byte)0);
                if (m.Event is { } refusedBy)
                    WriteEvent(writer, refusedBy);
                break;
            case GroupFellBack m:
                writer.Number(m.Group);
                WriteEvent(writer, m.Lost);
                WriteCovered(writer, m.Covered);
                WriteEvent(writer, m.Event.GetValueOrDefault());
                break;
            case CloseTime m:
                writer.Number(m.Group);
                writer.Long(m.Left);
                writer.Long(m.Right);
                break;
            case TimeClosed m:
                writer.Number(m.Group);
                break;
            case StartGroup m:
                writer.Number(m.Group);
                break;
            case AskStatus m:
                writer.Number(m.Group);
                break;
            case GroupStatus m:
                WriteStatus(writer, m);
                break;
            case FlushGroup m:
                writer.Number(m.Group);
                break;
            case RenewJournal m:
                writer.Number(m.Group);
                writer.Text(m.JournalId);
                break;
            case StopGroup:
                break;
            default:
                throw new ArgumentException($"no encoding for {obj.GetType()}", nameof(obj));
        }
    }

    static void WriteTicks(ByteWriter writer, Tick[] ticks, bool flush)
    {
        writer.Byte(flush ? (byte)1 : (byte)0);
        writer.Number(ticks.Length);
        foreach (var tick in ticks)
            EventCodec.WriteTick(writer, tick);
    }

    static DeliverTicks ReadTicks(ref ByteReader reader)
    {
        var group = reader.Int();
        var (ticks, flush) = ReadNodeTicks(ref reader);
        return new DeliverTicks(group, ticks, flush);
    }

    static NodeTicks ReadNodeTicks(ref ByteReader reader)
    {
        var flush = reader.Byte() != 0;
        var ticks = new Tick[reader.Count()];
        for (var i = 0; i < ticks.Length; i++)
            ticks[i] = EventCodec.ReadTick(ref reader);
        return new NodeTicks(ticks, flush);
    }

    static void WriteEvent(ByteWriter writer, EventId id)
    {
        writer.Long(id.Incarnation.Bits);
        writer.Number(id.Number);
    }

    static EventId ReadEvent(ref ByteReader reader) => new(new Incarnation(reader.Long()), reader.Number());

    static void WriteEvents(ByteWriter writer, EventId[] events)
    {
        writer.Number(events.Length);
        foreach (var id in events)
            WriteEvent(writer, id);
    }

    static EventId[] ReadEvents(ref ByteReader reader)
    {
        var events = new EventId[reader.Count()];
        for (var i = 0; i < events.Length; i++)
            events[i] = ReadEvent(ref reader);
        return events;
    }

    static EventId[][] ReadGroups(ref ByteReader reader)
    {
        var groups = new EventId[reader.Count()][];
        for (var i = 0; i < groups.Length; i++)
            groups[i] = ReadEvents(ref reader);
        return groups;
    }

    static void WriteCovered(ByteWriter writer, CoveredPartition[] items)
    {
        writer.Number(items.Length);
        foreach (var item in items)
        {
            PartitionIdCodec.Write(writer, item.Partition);
            writer.Number(item.Through);
        }
    }

    static CoveredPartition[] ReadCovered(ref ByteReader reader)
    {
        var items = new CoveredPartition[reader.Count()];
        for (var i = 0; i < items.Length; i++)
            items[i] = new CoveredPartition(PartitionIdCodec.Read(ref reader), reader.Number());
        return items;
    }

    static void WriteStatus(ByteWriter writer, GroupStatus s)
    {
        writer.Number(s.Group);
        writer.Number(s.Sequence);
        writer.Number(s.ConfirmedThrough);
        SnapshotCodec.WriteLedger(writer, s.Left);
        SnapshotCodec.WriteLedger(writer, s.Right);
        writer.Long(s.LeftWatermark);
        writer.Long(s.RightWatermark);
        writer.Text(s.LeftHolder);
        writer.Text(s.RightHolder);
        writer.Number(s.Held);
        writer.Number(s.StateBytes);
        writer.Number(s.JournalBytes);
        writer.Long(s.CloseLeft);
        writer.Long(s.CloseRight);
        writer.Byte(s.Idle ? (byte)1 : (byte)0);
        writer.Number(s.Rows);
        writer.Number(s.LateCopies);
        writer.Number(s.Events);
        writer.Number(s.Unconfirmed);
        WriteCovered(writer, s.Covered);
        writer.Text(s.Node);
        writer.Number(s.SnapshotSequence);
        writer.Number(s.SnapshotTimeMs);
    }

    static GroupStatus ReadStatus(ref ByteReader reader) => new(
        reader.Int(),
        reader.Number(),
        reader.Number(),
        SnapshotCodec.ReadLedger(ref reader),
        SnapshotCodec.ReadLedger(ref reader),
        reader.Long(),
        reader.Long(),
        reader.Text(),
        reader.Text(),
        reader.Int(),
        reader.Number(),
        reader.Number(),
        reader.Long(),
        reader.Long(),
        reader.Byte() != 0,
        reader.Number(),
        reader.Number(),
        reader.Number(),
        reader.Int(),
        ReadCovered(ref reader))
    {
        Node = reader.Text(),
        SnapshotSequence = reader.Number(),
        SnapshotTimeMs = reader.Number(),
    };
}
