using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;
using AkkaJoin.Pipeline.Json;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Pipeline.Decoding;

/// <summary>
/// Finds key, time, id and typed fields in a JSON value, in the JSON of the record key, and in headers. It makes one
/// pass over the bytes, builds no document, and allocates nothing for a good record. The whole value is checked, since
/// rows embed it unchanged. With the format raw the value is not read at all.
/// </summary>
sealed class JsonDecoder : IRecordDecoder
{
    readonly SourceSettings _source;
    readonly JsonScanner _scanner = new();
    readonly JsonScanner _recordKeyScanner = new();
    readonly RecordPart[] _key;
    readonly RecordPart? _time;
    readonly RecordPart? _id;
    readonly (string Path, int Slot)[] _fields;
    readonly ParsedFilter? _filter;
    readonly (string Path, int Slot)[] _filterFields;
    readonly ArrayBufferWriter<byte> _filterValues = new(64);
    readonly bool _isRaw;
    readonly bool _needsValue;
    readonly bool _needsRecordKey;
    byte[] _scratch = new byte[256];

    /// <summary>A decoder for one input.</summary>
    /// <exception cref="FormatException">A path is malformed.</exception>
    public JsonDecoder(SourceSettings source, IReadOnlyList<string> fields)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _key = [.. source.KeyPaths.Select(Part)];
        _time = source.TimePath is null ? null : Part(source.TimePath);
        _id = source.IdPath is not null ? Part(source.IdPath)
            : source.IdHeader is not null ? Part(RecordPart.HeaderPrefix + source.IdHeader)
            : null;
        _fields = [.. fields.Select(path => (path, _scanner.Add(path)))];
        _filter = source.Filter;
        _filterFields = [.. (_filter?.Fields ?? []).Select(path => (path, _scanner.Add(path)))];
        _isRaw = source.Format == "raw";
        _needsValue = Parts().Any(part => part.Origin == RecordPartOrigin.Value);
        _needsRecordKey = Parts().Any(part => part.Origin == RecordPartOrigin.RecordKey);
    }

    /// <inheritdoc/>
    public bool Decode(in ConsumedRecord record, DecodedRecord decoded)
    {
        // A byte order mark or framing before the JSON is no part of it. Hardly any record has one.
        var value = _isRaw ? record.Value : JsonPrefix.Skip(record.Value);
        var recordKey = _needsRecordKey ? JsonPrefix.Skip(record.Key) : record.Key;
        if (value.Length == record.Value.Length && recordKey.Length == record.Key.Length)
            return DecodeBare(record, decoded);
        return DecodeBare(
            new ConsumedRecord
            {
                Key = recordKey,
                KeyIsNull = record.KeyIsNull,
                Value = value,
                ValueIsNull = record.ValueIsNull,
                Headers = record.Headers,
                TimestampMs = record.TimestampMs,
            },
            decoded);
    }

    bool DecodeBare(in ConsumedRecord record, DecodedRecord decoded)
    {
        var isObject = false;
        if (!record.ValueIsNull && !_isRaw && !TryScan(record.Value, decoded, out isObject))
            return false;
        var recordKeyProblem = _needsRecordKey ? ScanRecordKey(record) : null;
        if (_filter is not null && !Passes(_filter, record, decoded))
            return false;
        if (_needsValue && record.ValueIsNull)
            return decoded.Fail(DeadLetterReasons.NullValue, "the value is null, and key, time or id come from it");
        if (_needsValue && !isObject)
            return decoded.Fail(DeadLetterReasons.NotAnObject, "the value is JSON but no object");
        if (recordKeyProblem is not null)
            return decoded.Fail(DeadLetterReasons.BadKey, "the record key is no JSON: " + JsonMessages.Describe(recordKeyProblem));
        return Key(record, decoded) && Time(record, decoded) && Id(record, decoded)
            && (record.ValueIsNull || Fields(_fields, record.Value, decoded.Fields, decoded.WritesFormat1, decoded));
    }

    RecordPart Part(string text) => RecordPart.Of(text, _scanner, _recordKeyScanner);

    IEnumerable<RecordPart> Parts() => new[] { _time, _id }.OfType<RecordPart>().Concat(_key);

    bool TryScan(ReadOnlySpan<byte> value, DecodedRecord decoded, out bool isObject)
    {
        try
        {
            isObject = _scanner.Scan(value);
            return true;
        }
        catch (JsonException e)
        {
            isObject = false;
            return decoded.Fail(DeadLetterReasons.MalformedJson, JsonMessages.Describe(e));
        }
    }

    // A null key has no fields, and JSON that is no object lacks every field. A problem is reported later: the filter
    // may leave the record out first.
    JsonException? ScanRecordKey(in ConsumedRecord record)
    {
        try
        {
            _recordKeyScanner.Scan(record.KeyIsNull ? "null"u8 : record.Key);
            return null;
        }
        catch (JsonException e)
        {
            _recordKeyScanner.Scan("null"u8); // clears the fields before the mistake
            return e;
        }
    }

    // A null value has no fields, so no condition on a field is true.
    bool Passes(ParsedFilter filter, in ConsumedRecord record, DecodedRecord decoded)
    {
        _filterValues.ResetWrittenCount();
        if (!record.ValueIsNull && !Fields(_filterFields, record.Value, _filterValues, writesFormat1: false, decoded))
            return false;
        decoded.LacksField |= decoded.FilterFields?.Count(_filterValues.WrittenSpan) ?? false;
        if (filter.Passes(_filterValues.WrittenSpan))
            return true;
        return decoded.Filter(TryTime(record, out var time) ? time : DecodedRecord.NoTime);
    }

    // The slot of a part, and the bytes that it lies in. In a null value, and in a record key that is no JSON, every
    // part is missing.
    JsonSlot SlotOf(RecordPart part, in ConsumedRecord record, out ReadOnlySpan<byte> bytes)
    {
        switch (part.Origin)
        {
            case RecordPartOrigin.Value:
                bytes = record.Value;
                return record.ValueIsNull ? default : _scanner[part.Slot];
            case RecordPartOrigin.RecordKey:
                bytes = record.Key;
                return record.KeyIsNull ? default : _recordKeyScanner[part.Slot];
            default:
                return RecordParts.TryHeader(record, part.Header!, out bytes)
                    ? new JsonSlot { Type = JsonTokenType.String, Length = bytes.Length }
                    : default;
        }
    }

    // The time of a filtered record. Where it cannot be read, the reason does not matter.
    bool TryTime(in ConsumedRecord record, out long time)
    {
        time = record.TimestampMs;
        if (_time is null)
            return time >= 0;
        var slot = SlotOf(_time, record, out var bytes);
        return slot.Type is JsonTokenType.Number or JsonTokenType.String && TryText(bytes, slot, out var text)
            && EventTime.TryParse(_source.TimeFormat, text, out time);
    }

    bool Key(in ConsumedRecord record, DecodedRecord decoded)
    {
        if (_key.Length == 0)
        {
            RecordParts.Key(record, decoded);
            return true;
        }

        foreach (var part in _key)
        {
            var slot = SlotOf(part, record, out _);
            if (slot.Type is JsonTokenType.StartObject or JsonTokenType.StartArray)
                return decoded.Fail(DeadLetterReasons.BadKey, $"the key field '{part.Name}' is an object or an array");
            decoded.KeyIsNull |= slot.IsMissingOrNull;
        }

        return decoded.KeyIsNull || (_key.Length == 1 ? SingleKey(record, decoded) : CompositeKey(record, decoded));
    }

    bool SingleKey(in ConsumedRecord record, DecodedRecord decoded)
    {
        var slot = SlotOf(_key[0], record, out var bytes);
        if (!TryText(bytes, slot, out var text))
            return LoneSurrogate(_key[0].Name, decoded);
        decoded.Key.Write(text);
        return true;
    }

    bool CompositeKey(in ConsumedRecord record, DecodedRecord decoded)
    {
        for (var i = 0; i < _key.Length; i++)
        {
            JsonText.WriteByte(decoded.Key, i == 0 ? (byte)'[' : (byte)',');
            var slot = SlotOf(_key[i], record, out var bytes);

            // A text without escapes is in its canonical form already. A header has no quotes.
            if (_key[i].Origin == RecordPartOrigin.Header)
            {
                if (!Utf8.IsValid(bytes))
                    return decoded.Fail(
                        DeadLetterReasons.BadKey, $"the {_key[i].Name} is no UTF-8, and cannot be a part of a key of several");
                JsonText.Write(decoded.Key, bytes);
            }
            else if (!slot.Escaped)
            {
                decoded.Key.Write(slot.RawOf(bytes));
            }
            else if (TryText(bytes, slot, out var text))
            {
                JsonText.Write(decoded.Key, text);
            }
            else
            {
                return LoneSurrogate(_key[i].Name, decoded);
            }
        }

        JsonText.WriteByte(decoded.Key, (byte)']');
        return true;
    }

    bool Time(in ConsumedRecord record, DecodedRecord decoded)
    {
        if (_time is null)
            return RecordParts.Time(record, decoded);
        if (TryTime(record, out var time))
        {
            decoded.Time = time;
            return true;
        }

        return SlotOf(_time, record, out _).IsMissingOrNull
            ? decoded.Fail(DeadLetterReasons.MissingTime, $"the time field '{_time.Name}' is missing or null")
            : decoded.Fail(DeadLetterReasons.BadTime, $"the time field '{_time.Name}' is no "
                + $"{TimeFormats.Name(_source.TimeFormat)} in range");
    }

    bool Id(in ConsumedRecord record, DecodedRecord decoded)
    {
        if (_id is null)
            return true;
        var slot = SlotOf(_id, record, out var bytes);
        if (slot.IsMissingOrNull)
            return true;
        if (slot.Type is JsonTokenType.StartObject or JsonTokenType.StartArray)
            return decoded.Fail(DeadLetterReasons.BadId, $"the id field '{_id.Name}' is an object or an array");
        if (!TryText(bytes, slot, out var text))
            return LoneSurrogate(_id.Name, decoded);
        decoded.HasId = true;
        decoded.Id.Write(text);
        return true;
    }

    bool Fields(
        (string Path, int Slot)[] fields,
        ReadOnlySpan<byte> value,
        ArrayBufferWriter<byte> target,
        bool writesFormat1,
        DecodedRecord decoded)
    {
        foreach (var (path, field) in fields)
        {
            ref readonly var slot = ref _scanner[field];
            switch (slot.Type)
            {
                case JsonTokenType.True or JsonTokenType.False:
                    TypedFields.WriteBoolean(target, slot.Type == JsonTokenType.True);
                    break;
                case JsonTokenType.Number when !TryWriteNumber(slot.Of(value), target, writesFormat1):
                    return decoded.Fail(
                        DeadLetterReasons.BadNumber, $"the field '{path}' has more than 34 digits, or an exponent beyond 6144, "
                            + "and cannot be compared exactly");
                case JsonTokenType.Number:
                    break;
                case JsonTokenType.String when TryText(value, slot, out var text):
                    TypedFields.WriteText(target, text);
                    break;
                case JsonTokenType.String:
                    return LoneSurrogate(path, decoded);
                case JsonTokenType.StartObject or JsonTokenType.StartArray when !writesFormat1:
                    TypedFields.WriteComposite(target);
                    break;
                default:
                    TypedFields.WriteMissing(target);
                    break;
            }
        }

        return true;
    }

    static bool TryWriteNumber(ReadOnlySpan<byte> text, IBufferWriter<byte> target, bool writesFormat1)
    {
        if (Utf8Parser.TryParse(text, out long whole, out var consumed) && consumed == text.Length)
            TypedFields.WriteInt64(target, whole);
        else if (!writesFormat1)
            return TypedFields.WriteNumber(target, text) == NumberReading.Read;
        else
            TypedFields.WriteDouble(target, double.Parse(text, provider: System.Globalization.CultureInfo.InvariantCulture));
        return true;
    }

    /// <summary>A text with its escapes resolved, anything else as written; valid until the next call.</summary>
    bool TryText(ReadOnlySpan<byte> bytes, in JsonSlot slot, out ReadOnlySpan<byte> text)
    {
        text = slot.Of(bytes);
        if (!slot.Escaped)
            return true;
        if (_scratch.Length < text.Length)
            _scratch = new byte[text.Length * 2];
        var length = JsonText.Unescape(text, _scratch);
        text = _scratch.AsSpan(0, Math.Max(length, 0));
        return length >= 0;
    }

    static bool LoneSurrogate(string? path, DecodedRecord decoded) =>
        decoded.Fail(DeadLetterReasons.MalformedJson, $"the field '{path}' holds half of a surrogate pair");
}
