using System.Buffers;
using System.Text.Json;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Host.Scenarios;

/// <summary>
/// One side's records as batches of the wire format, one record a batch, offsets from 0 in each partition. Partitions are numbered
/// without holes, in the order of their numbers: a side has exactly the partitions that the case names.
/// </summary>
sealed class ScenarioInput
{
    readonly Side _side;
    readonly int[] _partitions;
    readonly string[] _attributes;
    readonly ParsedFilter? _filter;
    readonly string[] _filterAttributes;
    readonly List<RecordStep>[] _records;
    readonly RecordBatchWriter _writer = new();
    readonly ArrayBufferWriter<byte> _fields = new(64);

    internal ScenarioInput(Side side, ScenarioCase scenario)
    {
        _side = side;
        _partitions = [.. scenario.Steps.OfType<RecordStep>().Where(s => s.Side == side).Select(s => s.Partition).Distinct().Order()];
        if (_partitions.Length == 0)
            _partitions = [0];
        _records = [.. _partitions.Select(_ => new List<RecordStep>())];
        var source = scenario.Definition.Source(side);
        _attributes = Names(source.Fields);
        _filter = source.Filter.Length == 0 ? null : WhereParser.ParseFilter(source.Filter);
        _filterAttributes = Names(_filter?.Fields ?? []);
    }

    /// <summary>A batch without records: it says how many partitions there are before the first watermark.</summary>
    internal byte[] Announcement()
    {
        _writer.Begin(0);
        return _writer.End(_side, 0, 0, _partitions.Length, 0, BatchHeader.NoWatermark, 0).ToArray();
    }

    /// <summary>
    /// The next record; a batch without one where the filter leaves it out. It carries no watermark: only watermark steps move time.
    /// </summary>
    internal byte[] Batch(RecordStep record)
    {
        var partition = Array.BinarySearch(_partitions, record.Partition);
        var offset = _records[partition].Count;
        _records[partition].Add(record);
        var passes = _filter is null || _filter.Passes(Fields(record, _filterAttributes));
        _writer.Begin(offset);
        if (passes)
            Add(record, offset);
        return _writer.End(_side, 0, partition, _partitions.Length, offset + 1, BatchHeader.NoWatermark, 0).ToArray();
    }

    /// <summary>The record that came at this place.</summary>
    internal RecordStep RecordAt(int partition, long offset) => _records[partition][(int)offset];

    static string[] Names(IReadOnlyList<string> paths) => [.. paths.Select(path => FieldPath.Parse(path)[0])];

    ReadOnlySpan<byte> Fields(RecordStep record, string[] attributes)
    {
        _fields.ResetWrittenCount();
        foreach (var attribute in attributes)
            WriteField(record.Content, attribute);
        return _fields.WrittenSpan;
    }

    void Add(RecordStep record, int offset)
    {
        _writer.Add(new NewRecord
        {
            Offset = offset,
            Time = record.Time,
            Timestamp = record.Time,
            KeyHash = KeyHash.Of(record.Key),
            Key = record.Key,
            KeyIsNull = record.Key is null,
            RecordKey = record.Key,
            RecordKeyIsNull = record.Key is null,
            Id = record.Id,
            HasId = record.Id is not null,
            Value = record.Value is { } value ? JsonSerializer.SerializeToUtf8Bytes(value) : default,
            ValueIsNull = record.Value is null,
            Fields = Fields(record, _attributes),
        });
    }

    void WriteField(JsonElement record, string name)
    {
        if (!record.TryGetProperty(name, out var value))
        {
            TypedFields.WriteMissing(_fields);
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                TypedFields.WriteText(_fields, System.Text.Encoding.UTF8.GetBytes(value.GetString()!));
                break;
            case JsonValueKind.Number when TypedFields.WriteNumber(_fields, System.Text.Encoding.UTF8.GetBytes(value.GetRawText())) == NumberReading.Read:
                break;
            case JsonValueKind.Number:
                throw new MalformedBatchException($"the number {value.GetRawText()} has more than 34 digits, or an exponent beyond 6144");
            case JsonValueKind.Object or JsonValueKind.Array:
                TypedFields.WriteComposite(_fields);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                TypedFields.WriteBoolean(_fields, value.GetBoolean());
                break;
            default:
                TypedFields.WriteMissing(_fields);
                break;
        }
    }
}
