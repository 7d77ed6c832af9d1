using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Pipeline.Fields;

/// <summary>
/// Counts the records of one side and the fields that they lack, on the router's thread: some additions for each
/// record. Now and then it names the fields of one, if possible of one that lacks something.
/// </summary>
sealed class SideTally
{
    // Of decoders of the user's own there may be any number of reasons. With the one that stands for all others.
    const int ReasonsMax = 16;
    const string OtherReasons = "other";
    const long LackingEveryMs = 10_000;
    const long AnyEveryMs = 60_000;
    const int ExampleCharactersMax = 160;
    readonly SourceSettings? _source;
    readonly bool _expectsId;
    readonly bool _showsHeaders;
    readonly bool _showsRecordKey;
    readonly Dictionary<string, ReasonTally> _deadLetters = [];
    long _read;
    long _filtered;
    long _nullKeys;
    long _withoutId;
    IReadOnlyList<string> _names = [];
    long _nowMs;
    long _sampledAtMs = long.MinValue / 2;
    bool _sampledLacks;
    bool _mayTakeLacking;

    /// <summary>Counts, and samples nothing.</summary>
    internal SideTally() => Where = new FieldTally([]);

    /// <summary>Counts what an input's settings speak of.</summary>
    /// <param name="source">The input.</param>
    /// <param name="fields">The paths of the fields that <c>where</c> reads.</param>
    internal SideTally(SourceSettings source, IReadOnlyList<string> fields)
    {
        _source = source;
        Where = new FieldTally(fields);
        Filter = source.Filter is null ? null : new FieldTally(source.Filter.Fields);
        _expectsId = source.IdPath is not null || source.IdHeader is not null;
        string?[] parts = [.. source.KeyPaths, source.TimePath, source.IdPath];
        _showsHeaders = source.IdHeader is not null || Array.Exists(parts, part => IsIn(part, RecordPartOrigin.Header));
        _showsRecordKey = Array.Exists(parts, part => IsIn(part, RecordPartOrigin.RecordKey));
    }

    /// <summary>The fields that <c>where</c> reads.</summary>
    internal FieldTally Where { get; }

    /// <summary>The fields that the filter reads; null = there is none.</summary>
    internal FieldTally? Filter { get; }

    /// <summary>Counts the records of a chunk next.</summary>
    internal void StartChunk(RecordChunk chunk, long nowMs)
    {
        if (_source is null || chunk.Count == 0)
            return;
        _nowMs = nowMs;
        if (nowMs - _sampledAtMs >= AnyEveryMs)
            Sample(chunk, 0, lacks: false);
        _mayTakeLacking = !_sampledLacks || nowMs - _sampledAtMs >= LackingEveryMs;
    }

    /// <summary>Counts a record of the chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="index">The record's index in it.</param>
    /// <param name="isRouted">Whether it is joined.</param>
    /// <param name="decoded">The decoder's result.</param>
    internal void Count(RecordChunk chunk, int index, bool isRouted, DecodedRecord decoded)
    {
        _read++;
        var lacks = decoded.LacksField;
        if (isRouted)
        {
            if (decoded.KeyIsNull)
            {
                _nullKeys++;
                lacks = true;
            }

            if (_expectsId && !decoded.HasId)
            {
                _withoutId++;
                lacks = true;
            }
        }
        else if (decoded.IsFiltered)
        {
            _filtered++;
        }
        else
        {
            // A value that is no JSON has no fields to name.
            lacks = decoded.Reason != DeadLetterReasons.MalformedJson;
            CountDeadLetter(decoded);
        }

        if (lacks && _mayTakeLacking)
            Sample(chunk, index, lacks: true);
    }

    internal SideCounts Counts() => new(
        _read,
        _filtered,
        _nullKeys,
        _expectsId ? _withoutId : null,
        _deadLetters.ToDictionary(reason => reason.Key, reason => reason.Value.Count),
        Where.Counts(),
        Filter?.Counts() ?? [],
        _names,
        _deadLetters.ToDictionary(reason => reason.Key, reason => reason.Value.Example));

    static bool IsIn(string? part, RecordPartOrigin origin) => part is not null && RecordPart.OriginOf(part) == origin;

    void CountDeadLetter(DecodedRecord decoded)
    {
        if (!_deadLetters.TryGetValue(decoded.Reason, out var reason))
        {
            var name = _deadLetters.Count < ReasonsMax - 1 ? FieldNames.Shown(decoded.Reason) : OtherReasons;
            if (!_deadLetters.TryGetValue(name, out reason))
                _deadLetters[name] = reason = new ReasonTally();
        }

        reason.Count++;
        if (_nowMs - reason.ExampleAtMs < LackingEveryMs)
            return;
        reason.ExampleAtMs = _nowMs;
        reason.Example = FieldNames.Shown(decoded.Detail, ExampleCharactersMax);
    }

    void Sample(RecordChunk chunk, int index, bool lacks)
    {
        _sampledLacks = lacks;
        _sampledAtMs = _nowMs;
        _mayTakeLacking = false;
        ref var record = ref chunk.Records[index];
        var names = new List<string>();
        if (_source!.Format != "raw")
            FieldNames.AddJson(names, "", Span(chunk, record.ValueStart, record.ValueLength));
        if (_showsRecordKey)
            FieldNames.AddJson(names, RecordPart.RecordKeyPrefix, Span(chunk, record.KeyStart, record.KeyLength));
        if (_showsHeaders)
            FieldNames.AddHeaders(names, Span(chunk, record.HeadersStart, record.HeadersLength));
        if (names.Count > 0)
            _names = names;
    }

    static ReadOnlySpan<byte> Span(RecordChunk chunk, int start, int length) => length <= 0 ? default : chunk.Buffer.AsSpan(start, length);

    sealed class ReasonTally
    {
        internal long Count { get; set; }

        internal string Example { get; set; } = "";

        internal long ExampleAtMs { get; set; } = long.MinValue / 2;
    }
}
