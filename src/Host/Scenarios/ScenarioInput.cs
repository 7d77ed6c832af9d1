using System.Buffers;
using System.Text.Json;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Host.Scenarios;

/// <summary>
/// One side's records as batches of the wire format, one record a batch, offsets from 0 in each partition. Partitions
/// are numbered without holes, in the order of their numbers: a side has exactly the partitions that the case names.
/// </summary>
interface IScenarioInput
{
    /// <summary>A batch without records: it says how many partitions there are before the first watermark.</summary>
    byte[] Announcement();

    /// <summary>The next record; a batch without one where it is not joined.</summary>
    byte[] Batch(InputStep record);

    /// <summary>The id of the record that came with this partition and offset, or null.</summary>
    JsonElement? IdAt(int partition, long offset);
}

/// <summary>
/// The records of a case that has a join of its own. They carry no watermark: only watermark steps move time.
/// </summary>
sealed class ScenarioInput : IScenarioInput
{
    readonly Side _side;
    readonly int[] _partitions;
    readonly IReadOnlyList<string>[] _attributes;
    readonly ParsedFilter? _filter;
    readonly IReadOnlyList<string>[] _filterAttributes;
    readonly List<RecordStep>[] _records;
    readonly RecordBatchWriter _writer = new();
    readonly ArrayBufferWriter<byte> _fields = new(64);

    internal ScenarioInput(Side side, ScenarioCase scenario)
    {
        _side = side;
        _partitions = Partitions(side, scenario);
        _records = [.. _partitions.Select(_ => new List<RecordStep>())];
        var source = scenario.Definition.Source(side);
        _attributes = Names(source.Fields);
        _filter = source.Filter.Length == 0 ? null : WhereParser.ParseFilter(source.Filter);
        _filterAttributes = Names(_filter?.Fields ?? []);
    }

    /// <summary>The numbers of the partitions that the case names, or partition 0.</summary>
    internal static int[] Partitions(Side side, ScenarioCase scenario)
    {
        int[] named = [.. scenario.Steps.OfType<InputStep>().Where(s => s.Side == side).Select(s => s.Partition).Distinct().Order()];
        return named.Length == 0 ? [0] : named;
    }

    /// <inheritdoc/>
    public byte[] Announcement()
    {
        _writer.Begin(0);
        return _writer.End(_side, 0, 0, _partitions.Length, 0, BatchHeader.NoWatermark, 0).ToArray();
    }

    /// <inheritdoc/>
    public byte[] Batch(InputStep step)
    {
        var record = (RecordStep)step;
        var partition = Array.BinarySearch(_partitions, record.Partition);
        var offset = _records[partition].Count;
        _records[partition].Add(record);
        var passes = _filter is null || _filter.Passes(Fields(record, _filterAttributes));
        _writer.Begin(offset);
        if (passes)
            Add(record, offset);
        return _writer.End(_side, 0, partition, _partitions.Length, offset + 1, BatchHeader.NoWatermark, 0).ToArray();
    }

    /// <inheritdoc/>
    public JsonElement? IdAt(int partition, long offset) => RecordAt(partition, offset).ShownId;

    /// <summary>The record that came with this partition and offset.</summary>
    internal RecordStep RecordAt(int partition, long offset) => _records[partition][(int)offset];

    static IReadOnlyList<string>[] Names(IReadOnlyList<string> paths) => [.. paths.Select(path => FieldPath.Parse(path))];

    ReadOnlySpan<byte> Fields(RecordStep record, IReadOnlyList<string>[] attributes)
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

    void WriteField(JsonElement record, IReadOnlyList<string> path)
    {
        var value = record;
        foreach (var name in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
            {
                TypedFields.WriteMissing(_fields);
                return;
            }
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                TypedFields.WriteText(_fields, System.Text.Encoding.UTF8.GetBytes(value.GetString()!));
                break;
            case JsonValueKind.Number
                when TypedFields.WriteNumber(_fields, System.Text.Encoding.UTF8.GetBytes(value.GetRawText())) == NumberReading.Read:
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
