using System.Buffers.Binary;
using System.Text;
using Akka.Actor;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Serialization;
using AkkaJoin.Shards.Snapshots;
using AkkaJoin.Shards.Tests.KeyGroups;
using AkkaJoin.Shards.Tests.Oracle;
using AkkaJoin.Shards.Tests.Protocol;
using Xunit;

namespace AkkaJoin.Shards.Tests.Encodings;

/// <summary>Bytes that are none of ours give a MalformedBatchException and nothing else: no other exception, no endless loop.</summary>
public sealed class FuzzTests
{
    // What two key groups may take, garbage included, for the most partitions that a topic may have.
    const int PartitionsBytes = 1 << 29;

    [Fact]
    public void Batches() => Fuzz(Samples.Batch(), bytes =>
    {
        var header = RecordBatch.Validate(bytes);
        var position = BatchHeader.Size;
        for (var i = 0; i < header.Count; i++)
        {
            // What was validated can be used without a further thought.
            var record = RecordView.Read(bytes, position, header);
            RecordView.ReadKeyAndId(bytes, position, out _, out _, out _, out _);
            _ = TypedFields.Read(record.Fields, 100);
            var headers = HeaderEncoding.Read(record.Headers);
            while (headers.MoveNext())
                _ = headers.Value.Length;
            position = record.Next;
        }
    });

    [Fact]
    public void Headers() => Fuzz(Samples.Headers(), bytes => HeaderEncoding.Check(bytes));

    [Fact]
    public void Fields() => Fuzz(Samples.Fields(), bytes => TypedFields.Check(bytes));

    [Fact]
    public void Fields_of_format_2() => Fuzz(Samples.Fields2(), bytes =>
    {
        TypedFields.Check(bytes);

        // What was checked can be compared without a further thought.
        for (var i = 0; i < 8; i++)
            TypedValue.TryCompare(TypedFields.Read(bytes, i), TypedFields.Read(bytes, i + 1), out _);
    });

    [Fact]
    public void Definitions_of_version_2() => Fuzz(DefinitionCodec.Write(Samples.Definition2), bytes => DefinitionCodec.Write(DefinitionCodec.Read(bytes)));

    [Fact]
    public void Definitions_of_version_3() =>
        Fuzz(DefinitionCodec.Write(Samples.Definition3), bytes => DefinitionCodec.Write(DefinitionCodec.Read(bytes)));

    [Fact]
    public void Definitions() => Fuzz(DefinitionCodec.Write(Samples.Definition), bytes => DefinitionCodec.Write(DefinitionCodec.Read(bytes)));

    [Fact]
    public void Events() => Fuzz(Samples.Event(), bytes => EventCodec.Read(bytes));

    [Fact]
    public void Events_with_a_hold() => Fuzz(Samples.EventOfHold(), bytes => EventCodec.Read(bytes));

    [Fact]
    public void Events_of_the_first_format() => Fuzz(Samples.Event(1), bytes => EventCodec.Read(bytes));

    [Fact]
    public void Output_positions()
    {
        var writer = new ByteWriter();
        OutputPositionsCodec.Write(writer, Samples.Positions);
        Fuzz(writer.ToArray(), bytes =>
        {
            var reader = new ByteReader(bytes);
            OutputPositionsCodec.Read(ref reader);
        });
    }

    [Fact]
    public void Messages_from_other_nodes()
    {
        var serializer = new ShardsSerializer((ExtendedActorSystem)null!);
        foreach (var messages in SerializerTests.Samples.GroupBy(serializer.Manifest))
            Fuzz([.. messages.Select(serializer.ToBinary)], bytes => serializer.FromBinary(bytes, messages.Key));
    }

    /// <summary>What a key group takes in is journaled: it must be applied now and at each recovery.</summary>
    [Fact]
    public void What_a_key_group_takes_in_of_messages_from_other_nodes()
    {
        var serializer = new ShardsSerializer((ExtendedActorSystem)null!);
        var tick = new Tick(new PartitionId(Side.Left, 0, 0), 2, 0, 7, 100, 1);
        IWireMessage[] honest =
        [
            new Deliver(0, Batch(Side.Left, 0)), new Deliver(0, [.. Batch(Side.Right, 0), .. Batch(Side.Left, 3)]),
            new DeliverTicks(0, [tick, tick with { Partition = new PartitionId(Side.Right, 0, 1) }], Flush: true), new EndInput(0, 200, 300),
            .. DeliverPart.Split(new Deliver(0, Batch(Side.Left, 6)), 1),
        ];
        var samples = honest.Select(message => (byte[])[.. Encoding.ASCII.GetBytes(serializer.Manifest(message)), .. serializer.ToBinary(message)]).ToList();
        Fuzz(samples, bytes =>
        {
            if (bytes.Length < 2)
                return;
            var message = serializer.FromBinary(bytes[2..], Encoding.ASCII.GetString(bytes, 0, 2));
            if (message is not (Deliver or DeliverTicks or DeliverPart or EndInput))
                return;
            var journal = new List<byte[]>();
            var world = new ShellWorld(new KeyGroupMemory(), journal);
            foreach (var each in (object[])[honest[0], message, honest[1], new EndInput(0, 500, 500)])
            {
                world.Shell.Receive(each, "peer");
                world.Persist();
            }

            var recovered = new ShellWorld(new KeyGroupMemory(), journal);
            Assert.Equal(world.Group.Sequence, recovered.Group.Sequence);
            Assert.Equal(world.Group.State!.Count, recovered.Group.State!.Count);
            Assert.Equal(world.Group.Clocks.Watermarks(), recovered.Group.Clocks.Watermarks());
        }, allocatedMin: PartitionsBytes);

        static byte[] Batch(Side side, long from) => new TestBatch(
            side, 0, 2, from, from + 3,
            [.. Enumerable.Range(0, 3).Select(i => new TestRecord("r" + i, side, i == 2 ? null : "k" + i, 100 + i, "i" + i, Offset: from + i))], 100).Encode();
    }

    [Fact]
    public void Snapshots() => Fuzz(Samples.Snapshot(), ReadSnapshot);

    [Fact]
    public void Snapshots_whose_checksum_is_right() => Fuzz(Samples.Snapshot(), bytes =>
    {
        if (bytes.Length >= 5)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4), System.IO.Hashing.Crc32.HashToUInt32(bytes.AsSpan(..^4)));
        ReadSnapshot(bytes);
    });

    [Fact]
    public void Outputs() => Fuzz(Samples.Outputs(), bytes =>
    {
        var reader = OutputEncoding.Read(bytes);
        while (reader.MoveNext())
            HeaderEncoding.Check(reader.Headers);
    });

    [Fact]
    public void Every_flipped_bit_of_a_snapshot_is_noticed()
    {
        var bytes = Samples.Snapshot();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<MalformedBatchException>(() => SnapshotCodec.Read(bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_batch_whose_headers_or_fields_are_damaged_is_refused_before_it_is_journaled()
    {
        Assert.Throws<MalformedBatchException>(() => RecordBatch.Validate(With(new NewRecord { Headers = [1] })));
        Assert.Throws<MalformedBatchException>(() => RecordBatch.Validate(With(new NewRecord { Fields = [99] })));

        static byte[] With(in NewRecord record)
        {
            var writer = new RecordBatchWriter();
            writer.Begin(0);
            writer.Add(record);
            return writer.End(Side.Left, 0, 0, 1, 1, 0, 0).ToArray();
        }
    }

    static void ReadSnapshot(byte[] bytes)
    {
        var content = SnapshotCodec.Read(bytes);
        SnapshotCodec.ReadState(bytes, content, IJoin.Create(content.Head.Definition, new HeapSlabPool()).State);
    }

    static void Fuzz(byte[] valid, Action<byte[]> read) => Fuzz([valid], read, Fuzzer.AllocatedMin);

    static void Fuzz(IReadOnlyList<byte[]> valid, Action<byte[]> read, int allocatedMin = Fuzzer.AllocatedMin) => Fuzzer.Run(valid, allocatedMin, bytes =>
    {
        try
        {
            read(bytes);
        }
        catch (MalformedBatchException)
        {
            // That is the one.
        }
    });
}
