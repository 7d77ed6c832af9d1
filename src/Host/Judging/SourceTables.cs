using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;
using DuckDB.NET.Data;

namespace AkkaJoin.Host.Judging;

/// <summary>Decodes source records as the join does and appends them to the judge's tables.</summary>
sealed class SourceTables : IDisposable
{
    readonly JoinSettings _join;
    readonly RecordStore _store;
    readonly RowHash _hash;
    readonly DuckDBAppender _records;
    readonly DuckDBAppender _bad;
    readonly IRecordDecoder[] _decoders;
    readonly DecodedRecord _decoded = new();
    readonly int _fields;

    internal SourceTables(JoinSettings join, JudgeDatabase database, RecordStore store, RowHash hash)
    {
        _join = join;
        _store = store;
        _hash = hash;
        _records = database.Appender("src");
        _bad = database.Appender("bad");
        _decoders = [DecoderFactory.Create(join.Left, join.LeftFields), DecoderFactory.Create(join.Right, join.RightFields)];
        _fields = Math.Max(join.LeftFields.Count, join.RightFields.Count);
    }

    /// <summary>Records per side that the join has read.</summary>
    internal long[] Read { get; } = new long[2];

    internal void Add(Side side, int partition, long offset, in ConsumedRecord record, bool ahead)
    {
        if (!ahead)
            Read[(int)side]++;
        _decoded.Clear();
        if (!TryDecode(side, record))
        {
            if (!ahead)
                Bad(side, partition, offset);
            return;
        }

        var source = _join.Source(side);
        var added = new NewRecord
        {
            Offset = offset,
            Time = _decoded.Time,
            Timestamp = record.TimestampMs,
            Key = _decoded.Key.WrittenSpan,
            KeyIsNull = _decoded.KeyIsNull,
            Id = _decoded.Id.WrittenSpan,
            HasId = _decoded.HasId && (source.IdPath ?? source.IdHeader) is not null,
            Value = record.Value,
            ValueIsNull = record.ValueIsNull,
            RecordKey = record.Key,
            RecordKeyIsNull = record.KeyIsNull,
            Headers = record.Headers,
            Fields = _decoded.Fields.WrittenSpan,
        };
        Append(side, partition, added, _store.Add(new PartitionId(side, 0, partition), added), ahead);
    }

    public void Dispose()
    {
        _records.Dispose();
        _bad.Dispose();
    }

    bool TryDecode(Side side, in ConsumedRecord record)
    {
        try
        {
            return _decoders[(int)side].Decode(record, _decoded);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A decoder of the user's own: the join makes a dead letter of it too.
            return _decoded.Fail(DeadLetterReasons.DecoderFailed, e.Message);
        }
    }

    void Bad(Side side, int partition, long offset) =>
        _bad.CreateRow().AppendValue((byte)side).AppendValue(partition).AppendValue(offset)
            .AppendValue($"{_decoded.Reason}: {_decoded.Detail}").EndRow();

    void Append(Side side, int partition, in NewRecord record, long place, bool ahead)
    {
        var row = _records.CreateRow().AppendValue((byte)side).AppendValue(place);
        row = record.KeyIsNull ? row.AppendNullValue() : row.AppendValue(record.Key.ToArray());
        row.AppendValue(record.Time);
        row = record.HasId ? row.AppendValue(record.Id.ToArray()) : row.AppendNullValue();
        row.AppendValue(_hash.OfContent(record)).AppendValue(partition).AppendValue(record.Offset).AppendValue(ahead);
        for (var i = 0; i < _fields; i++)
            AppendField(row, TypedFields.Read(record.Fields, i));
        row.EndRow();
    }

    static void AppendField(IDuckDBAppenderRow row, in TypedValue field)
    {
        row.AppendValue((byte)field.Type);
        row = field.Type == FieldType.Int64 ? row.AppendValue(field.Int64) : row.AppendNullValue();
        row = field.Type == FieldType.Double ? row.AppendValue(field.Double) : row.AppendNullValue();
        _ = field.Type == FieldType.Text ? row.AppendValue(field.Text.ToArray()) : row.AppendNullValue();
    }
}
