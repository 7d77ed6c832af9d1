using System.Text.Json;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Json;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Conditions;
using DuckDB.NET.Data;

namespace AkkaJoin.Host.Validation;

/// <summary>
/// Decodes source records as the join does and appends them to the tables of the validation; what conditions read of a
/// JSON value it reads itself.
/// </summary>
sealed class SourceTables : IDisposable
{
    // As deep as the decoder reads.
    static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = 256 };

    readonly JoinSettings _join;
    readonly RecordStore _store;
    readonly RowHash _hash;
    readonly DuckDBAppender _records;
    readonly DuckDBAppender _bad;
    readonly IRecordDecoder[] _decoders;
    readonly IRecordDecoder?[] _filterDecoders;
    readonly IReadOnlyList<string>[][] _paths;
    readonly IReadOnlyList<string>[][] _filterPaths;
    readonly IRecordDecoder[] _timeDecoders;
    readonly DecodedRecord _decoded = new();
    readonly DecodedRecord _filter = new();
    readonly int _fields;
    readonly SqlField[] _filterValues;

    internal SourceTables(JoinSettings join, ValidationDatabase database, RecordStore store, RowHash hash)
    {
        _join = join;
        _store = store;
        _hash = hash;
        _records = database.Appender("src");
        _bad = database.Appender("bad");

        // SQL evaluates the filters, so the decoder must not: it reads the fields of the filter alone, and with them
        // what cannot be joined.
        _decoders = [Decoder(join.Left, join.LeftFields), Decoder(join.Right, join.RightFields)];
        _filterDecoders = [FilterDecoder(join.Left), FilterDecoder(join.Right)];
        _paths = [Paths(join.LeftFields), Paths(join.RightFields)];
        _filterPaths = [Paths(join.Left.Filter?.Fields ?? []), Paths(join.Right.Filter?.Fields ?? [])];
        _timeDecoders = [Decoder(WithoutKey(join.Left), []), Decoder(WithoutKey(join.Right), [])];
        _fields = Math.Max(join.LeftFields.Count, join.RightFields.Count);
        _filterValues = new SqlField[Math.Max(join.Left.Filter?.Fields.Count ?? 0, join.Right.Filter?.Fields.Count ?? 0)];
    }

    /// <summary>Records per side that the join has read.</summary>
    internal long[] Read { get; } = new long[2];

    internal void Add(Side side, int partition, long offset, in ConsumedRecord record, bool ahead)
    {
        if (!ahead)
            Read[(int)side]++;
        var canBeDecoded = TryDecode(side, record);
        var canBeFiltered = TryReadFilterFields(side, record);
        if (canBeDecoded && !canBeFiltered)
            canBeDecoded = _decoded.Fail(DeadLetterReasons.BadNumber, "a field that the filter reads cannot be compared");
        if (!canBeDecoded)
        {
            if (!ahead)
                Bad(side, partition, offset, record, canBeFiltered);
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

    static IRecordDecoder Decoder(SourceSettings source, IReadOnlyList<string> fields) =>
        DecoderFactory.Create(source with { Filter = null }, fields);

    // JSON is read here; the values of a decoder of the user's own by that alone, as a whole or not at all.
    static IRecordDecoder? FilterDecoder(SourceSettings source) =>
        source.Filter is null || source.Format == "json" ? null : Decoder(source, source.Filter.Fields);

    static IReadOnlyList<string>[] Paths(IReadOnlyList<string> fields) => [.. fields.Select(FieldPath.Parse)];

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

    void Bad(Side side, int partition, long offset, in ConsumedRecord record, bool canBeFiltered)
    {
        var row = _bad.CreateRow().AppendValue((byte)side).AppendValue(partition).AppendValue(offset)
            .AppendValue($"{_decoded.Reason}: {_decoded.Detail}");
        row = TryDecode(_timeDecoders[(int)side], record, _decoded) ? row.AppendValue(_decoded.Time) : row.AppendNullValue();
        AppendFilterFields(row, canBeFiltered);
        row.EndRow();
    }

    bool TryReadFilterFields(Side side, in ConsumedRecord record)
    {
        Array.Clear(_filterValues);
        if (_filterDecoders[(int)side] is not { } decoder)
            return _join.Source(side).Filter is null || TryReadJson(record, _filterPaths[(int)side], _filterValues);
        var isReadable = TryDecode(decoder, record, _filter);
        ReadTyped(_filter.Fields.WrittenSpan, _filterValues);
        return isReadable;
    }

    // What cannot be read at all passes: the join makes a dead letter of it, whatever the filter says.
    void AppendFilterFields(IDuckDBAppenderRow row, bool canBeFiltered)
    {
        if (_join.Left.Filter is null && _join.Right.Filter is null)
            return;
        foreach (var field in _filterValues)
            AppendField(row, field);
        row.AppendValue(canBeFiltered);
    }

    static void ReadTyped(ReadOnlySpan<byte> typed, SqlField[] fields)
    {
        for (var i = 0; i < fields.Length; i++)
            fields[i] = SqlField.Of(TypedFields.Read(typed, i));
    }

    static bool TryReadJson(in ConsumedRecord record, IReadOnlyList<string>[] paths, SqlField[] fields)
    {
        if (record.ValueIsNull)
            return true;
        try
        {
            using var document = JsonDocument.Parse(JsonPrefix.Skip(record.Value).ToArray(), JsonOptions);
            var isReadable = true;
            for (var i = 0; i < paths.Length; i++)
                isReadable &= SqlField.TryRead(document.RootElement, paths[i], out fields[i]);
            return isReadable;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    void Append(Side side, int partition, in NewRecord record, long address, bool ahead, in ConsumedRecord consumed)
    {
        var row = _records.CreateRow().AppendValue((byte)side).AppendValue(address);
        row = record.KeyIsNull ? row.AppendNullValue() : row.AppendValue(record.Key.ToArray());
        row.AppendValue(record.Time);
        row = record.HasId ? row.AppendValue(record.Id.ToArray()) : row.AppendNullValue();
        row.AppendValue(_hash.OfContent(record)).AppendValue(partition).AppendValue(record.Offset).AppendValue(ahead);
        var fields = new SqlField[_fields];
        if (_join.Source(side).Format != "json")
            ReadTyped(record.Fields, fields);
        else if (_paths[(int)side].Length > 0 && !TryReadJson(consumed, _paths[(int)side], fields))
            throw new InvalidOperationException($"the validator cannot read {partition}@{record.Offset}, which the decoder read");
        foreach (var field in fields)
            AppendField(row, field);
        AppendFilterFields(row, canBeFiltered: true);
        row.EndRow();
    }

    static void AppendField(IDuckDBAppenderRow row, in SqlField field)
    {
        row.AppendValue((byte)field.Type);
        var isNumber = field.Type == FieldType.Number;
        row = isNumber && field.Number.Int64 is { } whole ? row.AppendValue(whole) : row.AppendNullValue();
        row = isNumber ? row.AppendValue(field.Number.Exponent) : row.AppendNullValue();
        row = isNumber ? row.AppendValue(field.Number.Digits) : row.AppendNullValue();
        row = isNumber || field.Type == FieldType.Double
            ? row.AppendValue(isNumber ? field.Number.Nearest : field.Double)
            : row.AppendNullValue();
        _ = field.Text is not null ? row.AppendValue(field.Text) : row.AppendNullValue();
    }
}
