using Akka.Actor;
using Akka.Serialization;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Snapshots;

namespace AkkaJoin.Shards.Serialization;

/// <summary>
/// Messages, events and snapshots as bytes. The formats are those of the codecs; an event is its own bytes.
/// </summary>
sealed class ShardsSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <inheritdoc/>
    public override int Identifier => SerializerIds.Shards;

    /// <inheritdoc/>
    public override string Manifest(object o) => o switch
    {
        JournalEvent => SerializerIds.JournalEvent,
        KeyGroupSnapshot => SerializerIds.KeyGroupSnapshot,
        Deliver => SerializerIds.Deliver,
        DeliverTicks m => m.Stamp == 0 ? SerializerIds.DeliverTicks : SerializerIds.DeliverTicksWithEvents,
        KeyGroupAck { Event: null } => SerializerIds.KeyGroupAck,
        KeyGroupAck m => m.Times.Length == 0 ? SerializerIds.KeyGroupAckWithEvent : SerializerIds.KeyGroupAckWithTimes,
        KeyGroupGap m => m.Event is null ? SerializerIds.KeyGroupGap : SerializerIds.KeyGroupGapWithEvent,
        KeyGroupFellBack => SerializerIds.KeyGroupFellBack,
        EndInput m => m.BasedOn.Length == 0 ? SerializerIds.EndInput : SerializerIds.EndInputWithEvents,
        InputEnded => SerializerIds.InputEnded,
        StartKeyGroup => SerializerIds.StartKeyGroup,
        AskStatus => SerializerIds.AskStatus,
        KeyGroupStatus => SerializerIds.KeyGroupStatus,
        FlushKeyGroup => SerializerIds.FlushKeyGroup,
        RenewJournal => SerializerIds.RenewJournal,
        NodeTicks m => m.Stamp == 0 ? SerializerIds.NodeTicks : SerializerIds.NodeTicksWithEvents,
        NodeWatermark => SerializerIds.NodeWatermark,
        DeliverPart => SerializerIds.DeliverPart,
        StopKeyGroup => SerializerIds.StopKeyGroup,
        NodeQuestion => SerializerIds.NodeQuestion,
        NodeAnswer => SerializerIds.NodeAnswer,
        AskKey => SerializerIds.AskKey,
        KeyReport => SerializerIds.KeyReport,
        _ => throw new ArgumentException($"no manifest for {o.GetType()}", nameof(o)),
    };

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        switch (obj)
        {
            case JournalEvent e:
                return e.Bytes;
            case KeyGroupSnapshot s:
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
            case SerializerIds.KeyGroupSnapshot:
                return new KeyGroupSnapshot(bytes);
        }

        var reader = new ByteReader(bytes);
        return manifest switch
        {
            SerializerIds.Deliver => new Deliver(reader.Int(), reader.Bytes().ToArray()),
            SerializerIds.DeliverTicks => ReadTicks(ref reader),
            SerializerIds.DeliverTicksWithEvents =>
                ReadTicks(ref reader) with { Stamp = reader.Number(), BasedOn = ReadEvents(ref reader) },
            SerializerIds.KeyGroupAck => new KeyGroupAck(reader.Int(), ReadApplied(ref reader)),
            SerializerIds.KeyGroupAckWithEvent =>
                new KeyGroupAck(reader.Int(), ReadApplied(ref reader)) { Event = ReadEvent(ref reader), Stamp = reader.Number() },
            SerializerIds.KeyGroupAckWithTimes =>
                new KeyGroupAck(reader.Int(), ReadApplied(ref reader))
                { Event = ReadEvent(ref reader), Stamp = reader.Number(), Times = ReadTimes(ref reader) },
            SerializerIds.KeyGroupGapWithEvent =>
                new KeyGroupGap(
                    reader.Int(), PartitionIdCodec.Read(ref reader), reader.Number(), reader.Byte() != 0)
                { Event = ReadEvent(ref reader) },
            SerializerIds.KeyGroupFellBack =>
                new KeyGroupFellBack(reader.Int(), ReadEvent(ref reader), ReadApplied(ref reader)) { Event = ReadEvent(ref reader) },
            SerializerIds.KeyGroupGap =>
                new KeyGroupGap(reader.Int(), PartitionIdCodec.Read(ref reader), reader.Number(), reader.Byte() != 0),
            SerializerIds.EndInput => new EndInput(reader.Int(), reader.Long(), reader.Long()),
            SerializerIds.EndInputWithEvents =>
                new EndInput(reader.Int(), reader.Long(), reader.Long()) { BasedOn = ReadEvents(ref reader) },
            SerializerIds.InputEnded => new InputEnded(reader.Int()),
            SerializerIds.StartKeyGroup => new StartKeyGroup(reader.Int()),
            SerializerIds.AskStatus => new AskStatus(reader.Int()),
            SerializerIds.KeyGroupStatus => ReadStatus(ref reader),
            SerializerIds.FlushKeyGroup => new FlushKeyGroup(reader.Int()),
            SerializerIds.RenewJournal => new RenewJournal(reader.Int(), reader.Text()),
            SerializerIds.NodeTicks => ReadNodeTicks(ref reader),
            SerializerIds.NodeTicksWithEvents =>
                ReadNodeTicks(ref reader) with { Stamp = reader.Number(), BasedOn = ReadGroups(ref reader) },
            SerializerIds.NodeWatermark => new NodeWatermark(reader.Long()),
            SerializerIds.DeliverPart =>
                new DeliverPart(reader.Int(), reader.Number(), reader.Int(), reader.Int(), reader.Bytes().ToArray()),
            SerializerIds.StopKeyGroup => StopKeyGroup.Instance,
            SerializerIds.NodeQuestion => QuestionCodec.ReadNodeQuestion(ref reader),
            SerializerIds.NodeAnswer => QuestionCodec.ReadNodeAnswer(ref reader),
            SerializerIds.AskKey => QuestionCodec.ReadAskKey(ref reader),
            SerializerIds.KeyReport => QuestionCodec.ReadKeyReport(ref reader),
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
                WriteEvents(writer, m.BasedOn);
                break;
            case NodeTicks m:
                WriteTicks(writer, m.Ticks, m.Flush);
                if (m.Stamp == 0)
                    break;
                writer.Number(m.Stamp);
                writer.Number(m.BasedOn.Length);
                foreach (var group in m.BasedOn)
                    WriteEvents(writer, group);
                break;
            case NodeWatermark m:
                writer.Long(m.Watermark);
                break;
            case DeliverPart m:
                writer.Number(m.Group);
                writer.Number(m.Message);
                writer.Number(m.Index);
                writer.Number(m.Count);
                writer.Bytes(m.Bytes);
                break;
            case KeyGroupAck m:
                writer.Number(m.Group);
                WriteApplied(writer, m.Items);
                if (m.Event is not { } ackedBy)
                    break;
                WriteEvent(writer, ackedBy);
                writer.Number(m.Stamp);
                if (m.Times.Length > 0)
                    WriteTimes(writer, m.Times);
                break;
            case KeyGroupGap m:
                writer.Number(m.Group);
                PartitionIdCodec.Write(writer, m.Partition);
                writer.Number(m.ExpectedOffset);
                writer.Byte(m.IsProven ? (byte)1 : (byte)0);
                if (m.Event is { } refusedBy)
                    WriteEvent(writer, refusedBy);
                break;
            case KeyGroupFellBack m:
                writer.Number(m.Group);
                WriteEvent(writer, m.Lost);
                WriteApplied(writer, m.Applied);
                WriteEvent(writer, m.Event.GetValueOrDefault());
                break;
            case EndInput m:
                writer.Number(m.Group);
                writer.Long(m.Left);
                writer.Long(m.Right);
                if (m.BasedOn.Length > 0)
                    WriteEvents(writer, m.BasedOn);
                break;
            case InputEnded m:
                writer.Number(m.Group);
                break;
            case StartKeyGroup m:
                writer.Number(m.Group);
                break;
            case AskStatus m:
                writer.Number(m.Group);
                break;
            case KeyGroupStatus m:
                WriteStatus(writer, m);
                break;
            case FlushKeyGroup m:
                writer.Number(m.Group);
                break;
            case RenewJournal m:
                writer.Number(m.Group);
                writer.Text(m.JournalId);
                break;
            case StopKeyGroup:
                break;
            case NodeQuestion m:
                QuestionCodec.Write(writer, m);
                break;
            case NodeAnswer m:
                QuestionCodec.Write(writer, m);
                break;
            case AskKey m:
                QuestionCodec.Write(writer, m);
                break;
            case KeyReport m:
                QuestionCodec.Write(writer, m);
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
            TickCodec.Write(writer, tick);
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
            ticks[i] = TickCodec.Read(ref reader);
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

    static void WriteApplied(ByteWriter writer, AppliedPartition[] items)
    {
        writer.Number(items.Length);
        foreach (var item in items)
        {
            PartitionIdCodec.Write(writer, item.Partition);
            writer.Number(item.Offset);
        }
    }

    static AppliedPartition[] ReadApplied(ref ByteReader reader)
    {
        var items = new AppliedPartition[reader.Count()];
        for (var i = 0; i < items.Length; i++)
            items[i] = new AppliedPartition(PartitionIdCodec.Read(ref reader), reader.Number());
        return items;
    }

    static void WriteTimes(ByteWriter writer, AppliedTime[] times)
    {
        writer.Number(times.Length);
        foreach (var time in times)
        {
            writer.Long(time.HighestMs);
            writer.Number(time.AppliedOffset);
        }
    }

    static AppliedTime[] ReadTimes(ref ByteReader reader)
    {
        var times = new AppliedTime[reader.Count()];
        for (var i = 0; i < times.Length; i++)
            times[i] = new AppliedTime(reader.Long(), reader.Number());
        return times;
    }

    static void WriteStatus(ByteWriter writer, KeyGroupStatus s)
    {
        writer.Number(s.Group);
        writer.Number(s.Sequence);
        writer.Number(s.LastConfirmed);
        SnapshotCodec.WriteLedger(writer, s.Left);
        SnapshotCodec.WriteLedger(writer, s.Right);
        writer.Long(s.LeftWatermark);
        writer.Long(s.RightWatermark);
        writer.Text(s.LeftHolder);
        writer.Text(s.RightHolder);
        writer.Number(s.Buffered);
        writer.Number(s.StateBytes);
        writer.Number(s.JournalBytes);
        writer.Long(s.LeftWatermarkThatCloses);
        writer.Long(s.RightWatermarkThatCloses);
        writer.Byte(s.IsIdle ? (byte)1 : (byte)0);
        writer.Number(s.Rows);
        writer.Number(s.LateCopies);
        writer.Number(s.Events);
        writer.Number(s.Unconfirmed);
        WriteApplied(writer, s.Applied);
        writer.Text(s.Node);
        writer.Number(s.SnapshotSequence);
        writer.Number(s.SnapshotTimeMs);
    }

    // Initializers run in the order in which they are written: that of WriteStatus.
    static KeyGroupStatus ReadStatus(ref ByteReader reader) => new(reader.Int())
    {
        Sequence = reader.Number(),
        LastConfirmed = reader.Number(),
        Left = SnapshotCodec.ReadLedger(ref reader),
        Right = SnapshotCodec.ReadLedger(ref reader),
        LeftWatermark = reader.Long(),
        RightWatermark = reader.Long(),
        LeftHolder = reader.Text(),
        RightHolder = reader.Text(),
        Buffered = reader.Int(),
        StateBytes = reader.Number(),
        JournalBytes = reader.Number(),
        LeftWatermarkThatCloses = reader.Long(),
        RightWatermarkThatCloses = reader.Long(),
        IsIdle = reader.Byte() != 0,
        Rows = reader.Number(),
        LateCopies = reader.Number(),
        Events = reader.Number(),
        Unconfirmed = reader.Int(),
        Applied = ReadApplied(ref reader),
        Node = reader.Text(),
        SnapshotSequence = reader.Number(),
        SnapshotTimeMs = reader.Number(),
    };
}
