using System.Text.Json;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Host.Scenarios;

/// <summary>
/// Raw records for a configured join: its decoder reads key, time, id and fields, and its filter leaves records out. As
/// in a run, a partition's watermark is its highest event time, less <c>max-out-of-orderness</c>.
/// </summary>
/// <remarks>
/// With <c>max-out-of-orderness = 30s</c>, a record of 10:01:00 in the only partition of a side brings the side to
/// 10:00:30. A record of 10:00:20 that comes next is late. A second partition that the case names holds the side back
/// until it has a record too.
/// </remarks>
sealed class ConfiguredInput : IScenarioInput
{
    readonly Side _side;
    readonly int[] _partitions;
    readonly long[] _highest;
    readonly List<JsonElement?>[] _ids;
    readonly IRecordDecoder _decoder;
    readonly long _outOfOrdernessMs;
    readonly EventTimeLimits _limits;
    readonly Action<string> _note;
    readonly DecodedRecord _decoded = new();
    readonly RecordBatchWriter _writer = new();

    /// <param name="side">The side.</param>
    /// <param name="scenario">The case, of a configured join.</param>
    /// <param name="note">Takes what became of a record that is not joined.</param>
    internal ConfiguredInput(Side side, ScenarioCase scenario, Action<string> note)
    {
        var join = scenario.Configured!;
        _side = side;
        _note = note;
        _partitions = ScenarioInput.Partitions(side, scenario);
        _highest = [.. _partitions.Select(_ => DecodedRecord.NoTime)];
        _ids = [.. _partitions.Select(_ => new List<JsonElement?>())];
        _decoder = DecoderFactory.Create(join.Source(side), side == Side.Left ? join.LeftFields : join.RightFields);
        _outOfOrdernessMs = join.MaxOutOfOrdernessMs;

        // A case has no clock that a time could be ahead of.
        _limits = new EventTimeLimits(null, join.MinTimeMs);
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
        var record = (RawRecordStep)step;
        var partition = Array.BinarySearch(_partitions, record.Partition);
        var offset = _ids[partition].Count;
        var headers = Headers(record.Headers);
        _decoded.Clear();
        var isJoined = _decoder.Decode(Consumed(record, headers), _decoded) && _limits.TryAllow(_decoded, 0);
        _ids[partition].Add(isJoined && _decoded.HasId ? Text(_decoded.Id.WrittenSpan) : null);
        _writer.Begin(offset);
        if (isJoined)
            Add(record, headers, offset);
        else
            _note(_decoded.IsFiltered ? "filtered" : $"dead letter, {_decoded.Reason}: {_decoded.Detail}");
        if (isJoined || (_decoded.IsFiltered && _decoded.Time != DecodedRecord.NoTime))
            _highest[partition] = Math.Max(_highest[partition], _decoded.Time);
        var watermark = _highest[partition] == DecodedRecord.NoTime ? BatchHeader.NoWatermark : _highest[partition] - _outOfOrdernessMs;
        return _writer.End(_side, 0, partition, _partitions.Length, offset + 1, watermark, 0).ToArray();
    }

    /// <inheritdoc/>
    public JsonElement? IdAt(int partition, long offset) => _ids[partition][(int)offset];

    static ConsumedRecord Consumed(RawRecordStep record, byte[] headers) => new()
    {
        Key = record.Key,
        KeyIsNull = record.Key is null,
        Value = record.Value,
        ValueIsNull = record.Value is null,
        Headers = headers,
        TimestampMs = record.TimestampMs,
    };

    void Add(RawRecordStep record, byte[] headers, long offset) => _writer.Add(new NewRecord
    {
        Offset = offset,
        Time = _decoded.Time,
        Timestamp = record.TimestampMs,
        KeyHash = KeyHash.Of(_decoded.Key.WrittenSpan),
        Key = _decoded.Key.WrittenSpan,
        KeyIsNull = _decoded.KeyIsNull,
        RecordKey = record.Key,
        RecordKeyIsNull = record.Key is null,
        Id = _decoded.Id.WrittenSpan,
        HasId = _decoded.HasId,
        Value = record.Value,
        ValueIsNull = record.Value is null,
        Headers = headers,
        Fields = _decoded.Fields.WrittenSpan,
    });

    static byte[] Headers(IReadOnlyList<(string Name, byte[]? Value)> headers)
    {
        if (headers.Count == 0)
            return [];
        var names = headers.Select(header => System.Text.Encoding.UTF8.GetBytes(header.Name)).ToList();
        var sizes = headers.Zip(names, (header, name) => HeaderEncoding.SizeMax(name.Length, header.Value?.Length ?? 0));
        var buffer = new byte[HeaderEncoding.SizeMax(0, 0) + sizes.Sum()];
        var length = HeaderEncoding.WriteCount(buffer, headers.Count);
        foreach (var (header, name) in headers.Zip(names))
            length += HeaderEncoding.Append(buffer.AsSpan(length), name, header.Value, header.Value is null);
        return buffer[..length];
    }

    static JsonElement Text(ReadOnlySpan<byte> utf8) => JsonSerializer.SerializeToElement(System.Text.Encoding.UTF8.GetString(utf8));
}
