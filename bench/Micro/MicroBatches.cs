using AkkaJoin.Bench.Load;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Shards.Batches;

namespace AkkaJoin.Bench.Micro;

/// <summary>Makes one batch after the other of one side with one partition. The watermark says nothing, so that nothing expires by itself.</summary>
sealed class MicroBatches(Side side)
{
    readonly IRecordDecoder _decoder = MicroData.Decoder(side == Side.Left);
    readonly DecodedRecord _decoded = new();
    readonly RecordBatchWriter _writer = new();
    long _offset;

    internal byte[] Next(IEnumerable<LoadRecord> records)
    {
        _writer.Begin(_offset);
        foreach (var record in records)
        {
            _decoded.Clear();
            _decoder.Decode(MicroData.Consumed(record), _decoded);
            _writer.Add(MicroData.Record(record, _offset++, _decoded));
        }

        return _writer.End(side, 0, 0, 1, _offset, BatchHeader.NoWatermark, 0).ToArray();
    }
}
