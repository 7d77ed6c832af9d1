using System.Buffers.Binary;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;

namespace AkkaJoin.Shards.Tests.Encodings;

/// <summary>Bytes that are none of ours give a MalformedBatchException and nothing else: no other exception, no endless loop.</summary>
public sealed class FuzzTests
{
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
    public void Definitions() => Fuzz(DefinitionCodec.Write(Samples.Definition), bytes => DefinitionCodec.Write(DefinitionCodec.Read(bytes)));

    [Fact]
    public void Events() => Fuzz(Samples.Event(), bytes => EventCodec.Read(bytes));

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
        SnapshotCodec.ReadState(bytes, content, IntervalJoin.Create(content.Definition, new HeapSlabPool()));
    }

    static void Fuzz(byte[] valid, Action<byte[]> read) => Seeds.Check(3_000, (random, _) =>
    {
        var bytes = Damage(random, valid);
        try
        {
            read(bytes);
        }
        catch (MalformedBatchException)
        {
            // That is the one.
        }
    });

    static byte[] Damage(Random random, byte[] valid)
    {
        if (random.Next(5) == 0)
        {
            var noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            if (noise.Length > 0 && random.Next(2) == 0)
                noise[0] = 1; // a version that is known
            return noise;
        }

        var bytes = random.Next(4) == 0 ? valid[..random.Next(valid.Length)] : [.. valid];
        for (var flips = random.Next(4); flips > 0 && bytes.Length > 0; flips--)
        {
            var at = random.Next(bytes.Length);
            bytes[at] = random.Next(2) == 0 ? (byte)(bytes[at] ^ (1 << random.Next(8))) : (byte)random.Next(256);
        }

        return bytes;
    }
}
