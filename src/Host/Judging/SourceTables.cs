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
    readonly IRecordDecoder?[] _filterDecoders;
    readonly IRecordDecoder[] _timeDecoders;
    readonly DecodedRecord _decoded = new();
    readonly DecodedRecord _filter = new();
    readonly int _fields;
    readonly int _filterFields;

    internal SourceTables(JoinSettings join, JudgeDatabase database, RecordStore store, RowHash hash)
    {
        _join = join;
        _store = store;
        _hash = hash;
        _records = database.Appender("src");
        _bad = database.Appender("bad");


        // SQL judges the filters, so that a decoder must not: it reads the fields of the filter alone, and with them what cannot be joined.
        _decoders = [Decoder(join.Left, join.LeftFields), Decoder(join.Right, join.RightFields)];
        _filterDecoders = [FilterDecoder(join.Left), FilterDecoder(join.Right)];
        _timeDecoders = [Decoder(WithoutKey(join.Left), []), Decoder(WithoutKey(join.Right), [])];
        _fields = Math.Max(join.LeftFields.Count, join.RightFields.Count);
        _filterFields = Math.Max(join.Left.Filter?.Fields.Count ?? 0, join.Right.Filter?.Fields.Count ?? 0);
    }

    /// <summary>Records per side that the join has read.</summary>
    internal long[] Read { get; } = new long[2];

    internal void Add(Side side, int partition, long offset, in ConsumedRecord record, bool ahead)
    {
        if (!ahead)
            Read[(int)side]++;
        if (!TryDecode(side, record))
        {
            if (!ahead)
                Bad(side, partition, offset, record);
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
        Append(side, partition, added, _store.Add(new PartitionId(side, 0, partition), added), ahead, record);
    }

    public void Dispose()
    {
        _records.Dispose();
        _bad.Dispose();
    }

    static IRecordDecoder Decoder(SourceSettings source, IReadOnlyList<string> fields) => DecoderFactory.Create(source with { Filter = null }, fields);

    // A decoder of the user's own reads a value as a whole or not at all.
    static IRecordDecoder? FilterDecoder(SourceSettings source) => source.Filter is null ? null
        : source.Format == "json" ? Decoder(WithoutKey(source) with { TimePath = null }, source.Filter.Fields)
        : Decoder(source, source.Filter.Fields);

    static SourceSettings WithoutKey(SourceSettings source) => source with { KeyPaths = [], IdPath = null, IdHeader = null };

    bool TryDecode(Side side, in ConsumedRecord record) => TryDecode(_decoders[(int)side], record, _decoded);

    static bool TryDecode(IRecordDecoder decoder, in ConsumedRecord record, DecodedRecord decoded)
    {
        decoded.Clear();
        try
        {
            return decoder.Decode(record, decoded);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A decoder of the user's own: the join makes a dead letter of it too.
            return decoded.Fail(DeadLetterReasons.DecoderFailed, e.Message);
        }
    }

    void Bad(Side side, int partition, long offset, in ConsumedRecord record)
    {
        var row = _bad.CreateRow().AppendValue((byte)side).AppendValue(partition).AppendValue(offset).AppendValue($"{_decoded.Reason}: {_decoded.Detail}");
        row = TryDecode(_timeDecoders[(int)side], record, _decoded) ? row.AppendValue(_decoded.Time) : row.AppendNullValue();
        AppendFilterFields(row, side, record);
        row.EndRow();
    }

    // A value that cannot be read at all passes: the join makes a dead letter of it, whatever the filter says.
    void AppendFilterFields(IDuckDBAppenderRow row, Side side, in ConsumedRecord record)
    {
        if (_filterFields == 0)
            return;
        var read = _join.Source(side).Format == "json"
            ? new ConsumedRecord { Value = record.Value, ValueIsNull = record.ValueIsNull, KeyIsNull = true }
            : record;
        var canBeJudged = _filterDecoders[(int)side] is not { } decoder || TryDecode(decoder, read, _filter);
        for (var i = 0; i < _filterFields; i++)
            AppendField(row, TypedFields.Read(_filter.Fields.WrittenSpan, i));
        row.AppendValue(canBeJudged);
    }

    void Append(Side side, int partition, in NewRecord record, long place, bool ahead, in ConsumedRecord consumed)
    {
        var row = _records.CreateRow().AppendValue((byte)side).AppendValue(place);
        row = record.KeyIsNull ? row.AppendNullValue() : row.AppendValue(record.Key.ToArray());
        row.AppendValue(record.Time);
        row = record.HasId ? row.AppendValue(record.Id.ToArray()) : row.AppendNullValue();
        row.AppendValue(_hash.OfContent(record)).AppendValue(partition).AppendValue(record.Offset).AppendValue(ahead);
        for (var i = 0; i < _fields; i++)
            AppendField(row, TypedFields.Read(record.Fields, i));
        AppendFilterFields(row, side, consumed);
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
