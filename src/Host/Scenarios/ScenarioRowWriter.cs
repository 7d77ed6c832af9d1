using System.Buffers;
using System.Text.Json;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Host.Scenarios;

/// <summary>
/// Writes which records a row is made of, by partition and offset, so that the runner finds the steps they came from:
/// <code>
/// u8 flags (1 attribution, 2 left, 4 right), [left: record], [right: record],
/// [attribution: i64 count of lefts, varint lefts shown, per left: record]; record = varint partition, i64 offset
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
            Record(row.Left);
        if (row.HasRight)
            Record(row.Right);
        if (row.IsAttribution)
        {
            _row.Long(row.LeftCount);
            _row.Number(row.Lefts);
            for (var i = 0; i < row.Lefts; i++)
                Record(row.GetLeft(i));
        }

        output.Write(_row.Written);
    }

    void Record(in RecordView record)
    {
        _row.Number(record.Partition);
        _row.Long(record.Offset);
    }
}

/// <summary>Reads what <see cref="ScenarioRowWriter"/> writes.</summary>
/// <param name="left">The lefts that came in.</param>
/// <param name="right">The rights that came in.</param>
sealed class ScenarioRowReader(ScenarioInput left, ScenarioInput right)
{
    internal ScenarioRow Read(ReadOnlySpan<byte> row, int step)
    {
        var reader = new ByteReader(row);
        var flags = reader.Byte();
        var shownLeft = (flags & ScenarioRowWriter.HasLeft) != 0 ? Shown(left, ref reader) : null;
        var shownRight = (flags & ScenarioRowWriter.HasRight) != 0 ? Shown(right, ref reader) : null;
        if ((flags & ScenarioRowWriter.IsAttribution) == 0)
            return ScenarioRow.Pair(shownLeft, shownRight, step);
        var count = reader.Long();
        var lefts = new JsonElement?[reader.Int()];
        for (var i = 0; i < lefts.Length; i++)
            lefts[i] = Shown(left, ref reader);
        return ScenarioRow.Attribution(shownRight, lefts, count, step);
    }

    static JsonElement? Shown(ScenarioInput input, ref ByteReader reader) => input.RecordAt(reader.Int(), reader.Long()).Shown;
}
