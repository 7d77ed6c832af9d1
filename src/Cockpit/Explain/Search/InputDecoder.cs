using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Conditions;
using Confluent.Kafka;

namespace AkkaJoin.Cockpit.Explain.Search;

/// <summary>Decodes source records as the join does. Used by one thread at a time.</summary>
/// <param name="join">The join.</param>
/// <param name="limits">Which event times it takes.</param>
/// <param name="nowMs">
/// The join's clock, ms since the epoch. What lies ahead of it now did so when the join read it. What lay ahead then,
/// nobody knows.
/// </param>
sealed class InputDecoder(JoinSettings join, EventTimeLimits limits, long nowMs)
{
    readonly DecodedRecord _decoded = new();
    readonly HeaderBytes _headers = new();
    readonly IRecordDecoder _left = DecoderFactory.Create(join.Left, join.LeftFields);
    readonly IRecordDecoder _right = DecoderFactory.Create(join.Right, join.RightFields);

    /// <summary>Decodes a record.</summary>
    /// <param name="side">The side for which it is read.</param>
    /// <param name="result">The record as the consumer gave it.</param>
    internal InputRecord Decode(Side side, ConsumeResult<byte[]?, byte[]?> result)
    {
        var source = join.Source(side);
        var record = new InputRecord
        {
            Side = side,
            Topic = result.Topic,
            Partition = result.Partition.Value,
            Offset = result.Offset.Value,
            TimestampMs = result.Message.Timestamp.Type == TimestampType.NotAvailable ? -1 : result.Message.Timestamp.UnixTimestampMs,
            RecordKey = result.Message.Key,
            Value = result.Message.Value,
            Headers = _headers.Of(result.Message.Headers).ToArray(),
        };
        var isJoined = TryDecode(side == Side.Left ? _left : _right, record, out var reason, out var detail);
        if (isJoined && !limits.TryAllow(_decoded, nowMs))
            (isJoined, reason, detail) = (false, _decoded.Reason, _decoded.Detail);
        if (!isJoined)
        {
            return _decoded.IsFiltered
                ? record with { Fate = InputFate.Filtered }
                : record with { Fate = InputFate.DeadLetter, Reason = reason, Detail = detail };
        }

        return record with
        {
            Key = _decoded.KeyIsNull ? null : _decoded.Key.WrittenSpan.ToArray(),
            Time = _decoded.Time,
            Id = _decoded.HasId && (source.IdPath ?? source.IdHeader) is not null ? _decoded.Id.WrittenSpan.ToArray() : null,
            Fields = _decoded.Fields.WrittenSpan.ToArray(),
        };
    }

    /// <summary>The record with what makes it filtered, or its key null.</summary>
    internal InputRecord WithDetail(InputRecord record)
    {
        var source = join.Source(record.Side);
        if (record.Fate == InputFate.Filtered && source.Filter is { } filter)
        {
            var decoder = DecoderFactory.Create(source with { Filter = null }, filter.Fields);
            var read = TryDecode(decoder, record, out _, out _);
            return record with { Detail = ConditionCheck.FailureOfFilter(filter, read ? _decoded.Fields.WrittenSpan : default, read) };
        }

        return record is { Fate: InputFate.Joined, Key: null } ? record with { Detail = NullParts(source, record) } : record;
    }

    string NullParts(SourceSettings source, InputRecord record)
    {
        if (source.KeyPaths.Count == 0)
            return "the record key is null";
        var missing = source.KeyPaths.Where(path =>
        {
            var decoder = DecoderFactory.Create(source with { KeyPaths = [path], Filter = null }, []);
            return TryDecode(decoder, record, out _, out _) && _decoded.KeyIsNull;
        }).ToList();
        return missing.Count == 0
            ? "the key is null"
            : $"'{string.Join("' and '", missing)}' {(missing.Count == 1 ? "is" : "are")} missing or null";
    }

    bool TryDecode(IRecordDecoder decoder, InputRecord record, out string reason, out string detail)
    {
        _decoded.Clear();
        var consumed = new ConsumedRecord
        {
            Key = record.RecordKey,
            KeyIsNull = record.RecordKey is null,
            Value = record.Value,
            ValueIsNull = record.Value is null,
            Headers = record.Headers,
            TimestampMs = record.TimestampMs,
        };
        bool isDecoded;
        try
        {
            isDecoded = decoder.Decode(consumed, _decoded);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A decoder of the user's own: the join makes a dead letter of it too.
            isDecoded = _decoded.Fail(DeadLetterReasons.DecoderFailed, e.Message);
        }

        (reason, detail) = (_decoded.Reason, _decoded.Detail);
        return isDecoded;
    }
}
