using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Pipeline.Decoding;

/// <summary>
/// Takes the record's own key and time, and the id from a header; the value may be anything. Other parts of a raw
/// record are found by a <see cref="JsonDecoder"/>.
/// </summary>
sealed class RawDecoder : IRecordDecoder
{
    readonly byte[]? _idHeader;

    /// <summary>A decoder for one input.</summary>
    /// <exception cref="UserException">The input's settings, or a condition, name a field of the value.</exception>
    public RawDecoder(SourceSettings source, IReadOnlyList<string> fields)
    {
        string?[] paths = [.. source.KeyPaths, source.TimePath, source.IdPath, .. fields];
        if (Array.Find(paths, path => path is not null) is { } unknown)
        {
            throw new UserException(
                $"the topic {source.Topic} has the format raw, which has no field '{unknown}': key, time and id come from the record", 78);
        }

        _idHeader = RecordParts.HeaderName(source.IdHeader);
    }

    /// <inheritdoc/>
    public bool Decode(in ConsumedRecord record, DecodedRecord decoded)
    {
        RecordParts.Key(record, decoded);
        if (_idHeader is not null)
            RecordParts.Id(record, _idHeader, decoded);
        return RecordParts.Time(record, decoded);
    }
}
