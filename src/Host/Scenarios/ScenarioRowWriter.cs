using System.Buffers;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Host.Scenarios;

/// <summary>
/// Writes which records a row is made of, by partition and offset, so that the runner finds the steps they came from:
/// <code>
/// u8 flags (1 attribution, 2 left, 4 right), [left: place], [right: place],
/// [attribution: i64 count of lefts, varint lefts shown, per left: place]; place = varint partition, i64 offset
/// </code>
/// </summary>
sealed class ScenarioRowWriter : IRowWriter
{
    internal const byte IsAttribution = 1, HasLeft = 2, HasRight = 4;

    readonly ByteWriter _row = new();

    public void Write(in JoinRow row, IBufferWriter<byte> output)
    {
        _row.Clear();
        _row.Byte((byte)((row.IsAttribution ? IsAttribution : 0) | (row.HasLeft ? HasLeft : 0) | (row.HasRight ? HasRight : 0)));
        if (row.HasLeft)
            Place(row.Left);
        if (row.HasRight)
            Place(row.Right);
        if (row.IsAttribution)
        {
            _row.Long(row.LeftCount);
            _row.Number(row.Lefts);
            for (var i = 0; i < row.Lefts; i++)
                Place(row.GetLeft(i));
        }

        output.Write(_row.Written);
    }

    void Place(in RecordView record)
    {
        _row.Number(record.Partition);
        _row.Long(record.Offset);
    }
}
