using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using AkkaJoin.Pipeline.Json;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Pipeline.Decoding;

/// <summary>
/// Finds key, time, id and typed fields in a JSON value: one pass over the bytes, no document, nothing allocated for a good record.
/// The whole value is checked, since it is embedded in rows as it is.
/// </summary>
public sealed class JsonDecoder : IRecordDecoder
{
    readonly SourceSettings _source;
    readonly JsonScanner _scanner = new();
    readonly int[] _key;
    readonly int _time;
    readonly int _id;
    readonly (string Path, int Slot)[] _fields;
    readonly ParsedFilter? _filter;
    readonly (string Path, int Slot)[] _filterFields;
    readonly ArrayBufferWriter<byte> _filterValues = new(64);
    readonly byte[]? _idHeader;
    readonly bool _needsValue;
    byte[] _scratch = new byte[256];

    /// <summary>A decoder for one input.</summary>
    /// <exception cref="FormatException">A path is malformed.</exception>
    public JsonDecoder(SourceSettings source, IReadOnlyList<string> fields)
    {
        _source = source;
        _key = [.. source.KeyPaths.Select(_scanner.Add)];
        _time = source.TimePath is null ? -1 : _scanner.Add(source.TimePath);
        _id = source.IdPath is null ? -1 : _scanner.Add(source.IdPath);
        _fields = [.. fields.Select(path => (path, _scanner.Add(path)))];
        _filter = source.Filter;
        _filterFields = [.. (_filter?.Fields ?? []).Select(path => (path, _scanner.Add(path)))];
        _idHeader = RecordParts.HeaderName(source.IdHeader);
        _needsValue = _key.Length > 0 || _time >= 0 || _id >= 0;
    }

    /// <inheritdoc/>
    public bool Decode(in ConsumedRecord record, DecodedRecord decoded)
    {
        var isObject = false;
        if (!record.ValueIsNull && !TryScan(record.Value, decoded, out isObject))
            return false;
        if (_filter is not null && !Passes(_filter, record, decoded))
            return false;
        if (_needsValue && record.ValueIsNull)
            return decoded.Fail(DeadLetterReasons.NullValue, "the value is null, and key, time or id come from it");
        if (_needsValue && !isObject)
            return decoded.Fail(DeadLetterReasons.NotAnObject, "the value is JSON but no object");
        return Key(record, decoded) && Time(record, decoded) && Id(record, decoded)
            && (record.ValueIsNull || Fields(_fields, record.Value, decoded.Fields, decoded.WritesFormat1, decoded));
    }

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

    // A null value has no fields, so that a condition on one does not hold.
    bool Passes(ParsedFilter filter, in ConsumedRecord record, DecodedRecord decoded)
    {
        _filterValues.ResetWrittenCount();
        if (!record.ValueIsNull && !Fields(_filterFields, record.Value, _filterValues, writesFormat1: false, decoded))
            return false;
        if (filter.Passes(_filterValues.WrittenSpan))
            return true;
        return decoded.Filter(TryTime(record, out var time) ? time : DecodedRecord.NoTime);
    }

    // The time of a record that is left out, if it can be read: nobody wants to know why it cannot.
    bool TryTime(in ConsumedRecord record, out long time)
    {
        time = record.TimestampMs;
        if (_time < 0)
            return time >= 0;
        if (record.ValueIsNull)
            return false;
        ref readonly var slot = ref _scanner[_time];
        return slot.Type is JsonTokenType.Number or JsonTokenType.String && TryText(record.Value, slot, out var text)
            && EventTime.TryParse(_source.TimeFormat, text, out time);
    }

    bool Key(in ConsumedRecord record, DecodedRecord decoded)
    {
        if (_key.Length == 0)
        {
            RecordParts.Key(record, decoded);
            return true;
        }

        for (var i = 0; i < _key.Length; i++)
        {
            if (_scanner[_key[i]].Type is JsonTokenType.StartObject or JsonTokenType.StartArray)
                return decoded.Fail(DeadLetterReasons.BadKey, $"the key field '{_source.KeyPaths[i]}' is an object or an array");
            decoded.KeyIsNull |= _scanner[_key[i]].IsMissingOrNull;
        }

        return decoded.KeyIsNull || (_key.Length == 1 ? SingleKey(record.Value, decoded) : CompositeKey(record.Value, decoded));
    }

    bool SingleKey(ReadOnlySpan<byte> value, DecodedRecord decoded)
    {
        if (!TryText(value, _scanner[_key[0]], out var text))
            return LoneSurrogate(_source.KeyPaths[0], decoded);
        decoded.Key.Write(text);
        return true;
    }

    bool CompositeKey(ReadOnlySpan<byte> value, DecodedRecord decoded)
    {
        for (var i = 0; i < _key.Length; i++)
        {
            JsonText.WriteByte(decoded.Key, i == 0 ? (byte)'[' : (byte)',');
            ref readonly var slot = ref _scanner[_key[i]];
            // A text without escapes is in its canonical form as it stands.
            if (!slot.Escaped)
                decoded.Key.Write(slot.RawOf(value));
            else if (TryText(value, slot, out var text))
                JsonText.Write(decoded.Key, text);
            else
                return LoneSurrogate(_source.KeyPaths[i], decoded);
        }

        JsonText.WriteByte(decoded.Key, (byte)']');
        return true;
    }

    bool Time(in ConsumedRecord record, DecodedRecord decoded)
    {
        if (_time < 0)
            return RecordParts.Time(record, decoded);
        ref readonly var slot = ref _scanner[_time];
        if (slot.IsMissingOrNull)
            return decoded.Fail(DeadLetterReasons.MissingTime, $"the time field '{_source.TimePath}' is missing or null");
        if (!TryTime(record, out var time))
            return decoded.Fail(DeadLetterReasons.BadTime, $"the time field '{_source.TimePath}' is no {TimeFormats.Name(_source.TimeFormat)} in range");
        decoded.Time = time;
        return true;
    }

    bool Id(in ConsumedRecord record, DecodedRecord decoded)
    {
        if (_idHeader is not null)
            RecordParts.Id(record, _idHeader, decoded);
        if (_id < 0 || _scanner[_id].IsMissingOrNull)
            return true;
        ref readonly var slot = ref _scanner[_id];
        if (slot.Type is JsonTokenType.StartObject or JsonTokenType.StartArray)
            return decoded.Fail(DeadLetterReasons.BadId, $"the id field '{_source.IdPath}' is an object or an array");
        if (!TryText(record.Value, slot, out var text))
            return LoneSurrogate(_source.IdPath, decoded);
        decoded.HasId = true;
        decoded.Id.Write(text);
        return true;
    }

    bool Fields((string Path, int Slot)[] fields, ReadOnlySpan<byte> value, ArrayBufferWriter<byte> target, bool writesFormat1, DecodedRecord decoded)
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
                        DeadLetterReasons.BadNumber, $"the field '{path}' has more than 34 digits, or an exponent beyond 6144, and cannot be compared exactly");
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
    bool TryText(ReadOnlySpan<byte> value, in JsonSlot slot, out ReadOnlySpan<byte> text)
    {
        text = slot.Of(value);
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
