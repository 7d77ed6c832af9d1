using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Tests.Oracle;
using FsCheck;
using FsCheck.Xunit;
using Xunit;

namespace AkkaJoin.Shards.Tests.Encodings;

public sealed class RoundTripTests
{
    [Property(MaxTest = 500)]
    public void A_record_comes_back_as_it_was_written(
        byte[]? key, byte[]? id, byte[]? value, byte[]? recordKey, long from, int time, long timestamp, PositiveInt ahead)
    {
        from &= 0xFFFF_FFFF_FFFF;
        var writer = new RecordBatchWriter();
        writer.Begin(from);
        for (var i = 0; i < 2; i++)
        {
            writer.Add(new NewRecord
            {
                Offset = from + (i * (long)ahead.Get),
                Time = time * (1L + i),
                Timestamp = timestamp - i,
                KeyHash = KeyHash.Of(key),
                Key = key,
                KeyIsNull = key is null,
                Id = id,
                HasId = id is not null,
                Value = value,
                ValueIsNull = value is null,
                RecordKey = recordKey,
                RecordKeyIsNull = recordKey is null,
                Headers = Samples.Headers(),
                Fields = Samples.Fields(),
            });
        }

        var bytes = writer.End(Side.Left, 9, 3, 4, from + ahead.Get + 1L, time, 5).ToArray();
        var header = RecordBatch.Validate(bytes);
        var position = BatchHeader.Size;
        for (var i = 0; i < 2; i++)
        {
            var record = RecordView.Read(bytes, position, header);
            Assert.Equal((from + (i * (long)ahead.Get), time * (1L + i), timestamp - i), (record.Offset, record.Time, record.Timestamp));
            Assert.Equal((uint)KeyHash.Of(key), record.KeyHash);
            AssertBytes(key, record.Key, record.KeyIsNull);
            AssertBytes(id, record.Id, !record.HasId);
            AssertBytes(value, record.Value, record.ValueIsNull);
            AssertBytes(recordKey, record.RecordKey, record.RecordKeyIsNull);
            Assert.Equal(Samples.Headers(), record.Headers.ToArray());
            Assert.Equal(Samples.Fields(), record.Fields.ToArray());
            RecordView.ReadKeyAndId(bytes, position, out var onlyKey, out var onlyNull, out var onlyId, out _);
            AssertBytes(key, onlyKey, onlyNull);
            Assert.Equal(id ?? [], onlyId.ToArray());
            position = record.Next;
        }
    }

    [Property(MaxTest = 500)]
    public void A_number_comes_back_as_it_was_written(ulong number, long signed)
    {
        var bytes = new byte[Varint.LengthMax];
        var written = Varint.Write(bytes, number);
        var position = 0;
        Assert.Equal(number, Varint.Read(bytes, ref position));
        Assert.Equal((written, Varint.Length(number)), (position, written));
        position = 0;
        Varint.WriteSigned(bytes, signed);
        Assert.Equal(signed, Varint.ReadSigned(bytes, ref position));
    }

    [Theory]
    [InlineData(0UL, 1)]
    [InlineData(127UL, 1)]
    [InlineData(128UL, 2)]
    [InlineData(ulong.MaxValue, 10)]
    public void Numbers_take_as_many_bytes_as_they_need(ulong number, int length) =>
        Assert.Equal((length, length), (Varint.Length(number), Varint.Write(new byte[Varint.LengthMax], number)));

    [Fact]
    public void Definitions_come_back_as_they_were_written() => Seeds.Check(500, (random, _) =>
    {
        var definition = Definitions.Random(random, random.Next(2) == 0, random.Next(1, 1_000));
        if (random.Next(2) == 0)
            definition = Definitions.Repairing(definition, random, 1_000);
        var read = DefinitionCodec.Read(DefinitionCodec.Write(definition));
        Assert.Equal(DefinitionCodec.Entries(definition), DefinitionCodec.Entries(read));
        Assert.Equal(definition.Where, read.Where);
    });

    [Fact]
    public void Events_come_back_as_they_were_written() => Seeds.Check(500, (random, _) =>
    {
        var scenario = new RandomCase(random, random.Next(2) == 0);
        var batches = scenario.Batches().ConvertAll(batch => batch.Encode());
        var content = new EventContent
        {
            LastConfirmed = random.NextInt64(1L << 50),
            Definition = random.Next(2) == 0 ? scenario.Definition : null,
            JournalId = random.Next(2) == 0 ? "journal" : null,
            Raise = random.Next(2) == 0 ? (random.NextInt64(), -random.NextInt64()) : null,
            Ticks = scenario.Ticks(),
        };
        var bytes = EventCodec.Write(content, batches, 3, 4);
        var read = EventCodec.Read(bytes);
        Assert.Equal((content.LastConfirmed, content.JournalId, content.Raise), (read.LastConfirmed, read.JournalId, read.Raise));
        Assert.Equal(content.Ticks, read.Ticks);
        Assert.Equal(content.Definition is null, read.Definition is null);
        Assert.Equal(batches.Count, read.BatchStarts.Length);
        for (var i = 0; i < batches.Count; i++)
            Assert.Equal(batches[i], bytes[read.BatchStarts[i]..(read.BatchStarts[i] + batches[i].Length)]);
    });

    static void AssertBytes(byte[]? expected, ReadOnlySpan<byte> actual, bool isNull)
    {
        Assert.Equal(expected is null, isNull);
        Assert.Equal(expected ?? [], actual.ToArray());
    }
}
