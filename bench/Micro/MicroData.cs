using System.Diagnostics;
using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Parts;
using AkkaJoin.Host;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Rows;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Bench.Micro;

/// <summary>The load as batches of one key group, without a broker.</summary>
static class MicroData
{
    internal const long StartMs = 1_700_000_000_000;

    internal static JoinSettings Join { get; } = ConfigLoader.LoadText(
        """
        akkajoin {
          kafka.bootstrap-servers = "nowhere:1"
          joins.take-rate {
            type = inner, before = 0s, after = 10m
            left  { topic = impressions, key = [profile, title], time = ts, id = id }
            right { topic = plays, key = [profile, title], time = ts, id = id }
            output.topic = take-rate
          }
        }
        """,
        "micro").Settings.Joins[0];

    internal static JoinDefinition Definition { get; } =
        DefinitionBuilder.Build(Join, new TopicInfo(Join.Left.Topic, 1, ""), new TopicInfo(Join.Right.Topic, 1, ""));

    internal static IRecordDecoder Decoder(bool left) => DecoderFactory.Create(left ? Join.Left : Join.Right, []);

    /// <summary>A record of the load as the source hands it to a decoder.</summary>
    internal static ConsumedRecord Consumed(in LoadRecord record) => new() { Key = record.Key, Value = record.Value, TimestampMs = record.TimestampMs };

    /// <summary>A decoded record of the load as it goes into a batch.</summary>
    internal static NewRecord Record(in LoadRecord record, long offset, DecodedRecord decoded) => new()
    {
        Offset = offset,
        Time = decoded.Time,
        Timestamp = record.TimestampMs,
        KeyHash = KeyHash.Of(decoded.Key.WrittenSpan),
        Key = decoded.Key.WrittenSpan,
        Id = decoded.Id.WrittenSpan,
        HasId = true,
        Value = record.Value,
        RecordKey = record.Key,
    };

    /// <summary>A record made without the load, whose record key is its key.</summary>
    internal static NewRecord Record(long offset, long time, ReadOnlySpan<byte> key, ReadOnlySpan<byte> id, ReadOnlySpan<byte> value) => new()
    {
        Offset = offset,
        Time = time,
        Timestamp = time,
        KeyHash = KeyHash.Of(key),
        Key = key,
        RecordKey = key,
        Id = id,
        HasId = true,
        Value = value,
    };

    /// <summary>Messages with so many records of the load each, both sides in every one.</summary>
    internal static List<byte[]> Messages(int messages, int recordsEach)
    {
        var load = new LoadGenerator(messages * recordsEach, 1, StartMs).Records().Chunk(recordsEach);
        var (left, right) = (new MicroBatches(Side.Left), new MicroBatches(Side.Right));
        return [.. load.Select(records => (byte[])[.. left.Next(records.Where(r => r.IsImpression)), .. right.Next(records.Where(r => !r.IsImpression))])];
    }

    /// <summary>A key group of <see cref="Join"/> that writes its rows.</summary>
    internal static KeyGroup Group()
    {
        var group = new KeyGroup(0, Definition, static () => default, _ => RowWriterFactory.Create(Join), new KeyGroupLimits(PendingBytesMax: int.MaxValue));
        group.Recovered();
        return group;
    }

    /// <summary>A key group of any inner join that writes no rows, so that what is left is the join.</summary>
    internal static KeyGroup Group(JoinDefinition definition, SlabPool pool, int number = 0)
    {
        var group = new KeyGroup(number, definition, static () => default, _ => new NoRows(), new KeyGroupLimits(PendingBytesMax: int.MaxValue), pool);
        group.Recovered();
        return group;
    }

    /// <summary>Applies the event of what a group was offered, and confirms its outputs.</summary>
    /// <returns>How long KeyGroup.Apply took.</returns>
    internal static TimeSpan ApplyNext(KeyGroup group)
    {
        var bytes = group.NextEvent()!;
        var began = Stopwatch.GetTimestamp();
        group.Apply(group.Sequence + 1, bytes);
        var elapsed = Stopwatch.GetElapsedTime(began);
        group.Confirm(group.IncarnationText, group.Sequence);
        group.Replies.Clear();
        return elapsed;
    }

    /// <summary>Has a group take a message in, and gives the event that came of it.</summary>
    internal static byte[] Accept(KeyGroup group, byte[] message)
    {
        group.Offer(new Deliver(0, message), group);
        var bytes = group.NextEvent()!;
        Apply(group, bytes);
        return bytes;
    }

    /// <summary>Applies an event as the next one of a group, and confirms its outputs.</summary>
    internal static void Apply(KeyGroup group, byte[] bytes)
    {
        var sequence = group.Sequence + 1;
        group.Apply(sequence, bytes);
        group.Confirm(group.IncarnationText, sequence);
        group.Replies.Clear();
    }

    /// <summary>The event that closes time for all that a group holds, remembered ids included.</summary>
    internal static byte[] Close(KeyGroup group)
    {
        const long Far = 2_000_000_000_000;
        group.Offer(new EndInput(0, Far, Far), group);
        return group.NextEvent()!;
    }
}
