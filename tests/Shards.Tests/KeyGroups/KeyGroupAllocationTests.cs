using System.Buffers;
using System.Text;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Outputs;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Tests.Oracle;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Shards.Tests.KeyGroups;

/// <summary>
/// What a key group allocates beside the bytes of its events and rows, when its state has reached its size. The smallest object takes 24 bytes,
/// so one for each record or row would show.
/// </summary>
public sealed class KeyGroupAllocationTests(ITestOutputHelper output)
{
    // About two thirds of it were measured: lists and answers of an event, over its 500 records.
    const double BytesPerRecordMax = 16;
    const int RecordsEach = 500, Events = 200, WindowMs = 20_000;
    static readonly object Sender = new();
    readonly byte[][] _messages = [.. Enumerable.Range(0, 2 * Events).Select(Message)];

    [Theory]
    [InlineData(JoinType.Inner)]
    [InlineData(JoinType.Full)]
    [InlineData(JoinType.Attribution)]
    internal void A_key_group_allocates_no_object_per_record_or_row(JoinType type)
    {
        var definition = Definitions.Of(type, WindowMs, WindowMs, dedup: true);
        var group = new KeyGroup(0, definition, Incarnations.OnlyOne, _ => new LengthRowWriter(), new KeyGroupLimits());
        group.Recovered();
        Accept(group, _messages[..Events]);
        var rows = group.Rows;
        var (bytes, written) = Accept(group, _messages[Events..]);
        var perRecord = (double)(bytes - written) / (Events * RecordsEach);
        output.WriteLine($"{type}: {perRecord:F2} bytes a record beside {(double)written / (Events * RecordsEach):F1} of events and rows; {group.Rows - rows} rows of {Events * RecordsEach} records");
        Assert.InRange(group.Rows - rows, Events * RecordsEach / 10, long.MaxValue);
        Assert.InRange(perRecord, 0, BytesPerRecordMax);
    }

    static (long Allocated, long Written) Accept(KeyGroup group, byte[][] messages)
    {
        var written = 0L;
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var message in messages)
        {
            group.Offer(new Deliver(0, message), Sender);
            var bytes = group.NextEvent()!;
            var rows = group.Apply(group.Sequence + 1, bytes);
            written += bytes.Length + rows.Length;
            group.AnswerConfirmed();
            group.Confirm(group.Sequence);
            group.Replies.Clear();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before, written);
    }

    // A batch of each side. One record a ms; each right meets one left.
    static byte[] Message(int number)
    {
        var from = (long)number * RecordsEach;
        return [.. Batch(Side.Left, from), .. Batch(Side.Right, from)];
    }

    static byte[] Batch(Side side, long from)
    {
        var half = RecordsEach / 2;
        var writer = new RecordBatchWriter();
        writer.Begin(from);
        for (var i = 0; i < half; i++)
        {
            var key = Encoding.UTF8.GetBytes($"key{(side == Side.Left ? from + i : from + i + (i % 2))}");
            var id = Encoding.UTF8.GetBytes($"{side}{from + i:D9}");
            writer.Add(new NewRecord
            {
                Offset = from + i,
                Time = from + (2 * i),
                Timestamp = from + (2 * i),
                KeyHash = KeyHash.Of(key),
                Key = key,
                RecordKey = key,
                Id = id,
                HasId = true,
                Value = id,
                Fields = [],
            });
        }

        return writer.End(side, 0, 0, 1, from + RecordsEach, from + RecordsEach, 1).ToArray();
    }

    sealed class LengthRowWriter : IRowWriter
    {
        public void Write(in JoinRow row, IBufferWriter<byte> output)
        {
            var span = output.GetSpan(8);
            span[0] = (byte)row.Lefts;
            output.Advance(8);
        }
    }
}
