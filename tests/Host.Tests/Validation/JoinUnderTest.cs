using System.Buffers;
using System.Text;
using AkkaJoin.Host.Validation;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Rows;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Memory;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Host.Tests.Validation;

/// <summary>Runs the real join over the records of a <see cref="TestJoin"/>, one event a record, and puts its outputs there.</summary>
sealed class JoinUnderTest : IJoinOutput
{
    readonly TestJoin _test;
    readonly IJoin _join;
    readonly IRowWriter _writer;
    readonly IRecordDecoder[] _decoders;
    readonly Dictionary<(Side, int), long> _highest = [];
    readonly Dictionary<Side, int> _partitions;

    internal JoinUnderTest(TestJoin test)
    {
        var settings = test.Settings;
        _test = test;
        _join = IJoin.Create(Definition(settings), new HeapSlabPool());
        _writer = RowWriterFactory.Create(settings);
        _decoders =
            [DecoderFactory.Create(settings.Left, settings.LeftFields), DecoderFactory.Create(settings.Right, settings.RightFields)];
        _partitions = test.Records.GroupBy(r => r.Side).ToDictionary(g => g.Key, g => g.Max(r => r.Partition) + 1);
    }

    /// <summary>Takes the partitions in a random interleaving, and closes time at the end.</summary>
    internal void Run(Random random)
    {
        var queues = _test.Records.GroupBy(r => (r.Side, r.Partition)).Select(
            g => new Queue<TestRecord>(g.OrderBy(r => r.Offset))).ToList();
        while (queues.Count > 0)
        {
            var queue = queues[random.Next(queues.Count)];
            for (var n = random.Next(1, 6); n > 0 && queue.Count > 0; n--)
                Add(queue.Dequeue());
            if (queue.Count == 0)
                queues.Remove(queue);
        }

        _join.Advance(new SideWatermarks(TimeLimits.Max, TimeLimits.Max, default, default), this);
    }

    public RowId Row(in JoinRow row, RowKind kind, ReadOnlySpan<RowId> supersedes = default)
    {
        var id = new RowId("id", 0, _test.Rows.Count);
        var output = new ArrayBufferWriter<byte>();
        _writer.Write(row, output);
        var key = row.KeyIsNull ? null : Encoding.UTF8.GetString(row.Key);
        _test.Rows.Add((key, Encoding.UTF8.GetString(output.WrittenSpan), id.Text(0)));
        if (supersedes.Length > 0)
            _test.Supersedes.Add(id.Text(0), string.Join(',', supersedes.ToArray().Select(row => row.Text(0))));
        return id;
    }

    public void Late(Side side, int source, in RecordView record, RowKind kind, in LateReason reason) =>
        _test.Late.Add(new SourceRecord(side, record.Partition, record.Offset));

    void Add(TestRecord record)
    {
        var decoded = new DecodedRecord();
        var value = Encoding.UTF8.GetBytes(record.Value);
        if (!_decoders[(int)record.Side].Decode(new ConsumedRecord { KeyIsNull = true, Value = value }, decoded))
        {
            if (decoded.IsFiltered)
                Reach(record, decoded.Time);
            else
                _test.DeadLetters.Add(new SourceRecord(record.Side, record.Partition, record.Offset));
            return;
        }

        var writer = new RecordBatchWriter();
        writer.Begin(record.Offset);
        writer.Add(new NewRecord
        {
            Offset = record.Offset,
            Time = decoded.Time,
            Key = decoded.Key.WrittenSpan,
            KeyIsNull = decoded.KeyIsNull,
            KeyHash = KeyHash.Of(decoded.Key.WrittenSpan),
            Id = decoded.Id.WrittenSpan,
            HasId = decoded.HasId,
            Value = value,
            RecordKeyIsNull = true,
            Fields = decoded.Fields.WrittenSpan,
        });
        var bytes = writer.End(record.Side, 0, record.Partition, record.Partition + 1, record.Offset + 1, 0, 0).ToArray();
        var header = BatchHeader.Read(bytes);
        _join.State.StartEvent(bytes);
        _join.Add(0, BatchHeader.Size, header, RecordView.Read(bytes, BatchHeader.Size, header), this);
        Reach(record, record.Time);
    }

    // Time passes with each record, whether it is joined or not.
    void Reach(TestRecord record, long time)
    {
        var partition = (record.Side, record.Partition);
        _highest[partition] = Math.Max(_highest.GetValueOrDefault(partition, long.MinValue), time);
        _join.Advance(new SideWatermarks(Watermark(Side.Left), Watermark(Side.Right), default, default), this);
    }

    long Watermark(Side side)
    {
        var known = _highest.Where(h => h.Key.Item1 == side).Select(h => h.Value).ToList();
        return known.Count < _partitions.GetValueOrDefault(side, 1)
            ? SideWatermarks.None
            : known.Min() - _test.Settings.MaxOutOfOrdernessMs;
    }

    static JoinDefinition Definition(JoinSettings settings) => new()
    {
        Name = settings.Name,
        Type = settings.Type,
        BeforeMs = settings.BeforeMs - (settings.LowerInclusive ? 0 : 1),
        AfterMs = settings.AfterMs - (settings.UpperInclusive ? 0 : 1),
        Left = new SourceDefinition("l", "", "k", "ts", "id", "json", settings.LeftFields),
        Right = new SourceDefinition("r", "", "k", "ts", "id", "json", settings.RightFields),
        Where = settings.Where,
        Late = settings.Late,
        RepairForMs = settings.RepairForMs,
        Credit = settings.Credit,
        MaxLefts = settings.MaxLefts,
    };
}
