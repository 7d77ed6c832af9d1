using AkkaJoin.Bench.Load;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Shards.Batches;
using BenchmarkDotNet.Attributes;

namespace AkkaJoin.Bench.Micro;

/// <summary>What the router does to each record; figures per record.</summary>
public class DecodeBenchmarks
{
    const int Records = 1_000;
    readonly DecodedRecord _decoded = new();
    readonly DecodedRecord _one = new();
    readonly RecordBatchWriter _writer = new();
    LoadRecord[] _records = [];
    IRecordDecoder _decoder = null!;

    /// <summary>Makes the records.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _records = [.. new LoadGenerator(Records, 1, MicroData.StartMs).Records()];
        _decoder = MicroData.Decoder(left: true);
        _decoder.Decode(MicroData.Consumed(_records[0]), _one);
    }

    /// <summary>Key, time and id out of 105 bytes of JSON.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public long Decode()
    {
        var times = 0L;
        foreach (var record in _records)
        {
            _decoded.Clear();
            _decoder.Decode(MicroData.Consumed(record), _decoded);
            times += _decoded.Time;
        }

        return times;
    }

    /// <summary>The hash of the key, and the record into a batch; the batch is copied out as it is for a message.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public int HashAndEncode()
    {
        _writer.Begin(0);
        for (var i = 0; i < _records.Length; i++)
            _writer.Add(MicroData.Record(_records[i], i, _one));
        return _writer.End(Side.Left, 0, 0, 1, _records.Length, BatchHeader.NoWatermark, 0).ToArray().Length;
    }
}
