using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Host.Chaos;

/// <summary>
/// Makes records of one topic, with key, event time, id and the fields of the conditions where the join's settings look
/// for them.
/// </summary>
sealed class RecordTemplate
{
    readonly Side _side;
    readonly IReadOnlyList<SourceSettings> _sources;
    readonly List<(IReadOnlyList<string> Path, Side Side, int Field)> _fields = [];
    readonly ConditionValues _conditions;
    readonly List<(IReadOnlyList<string> Path, ConditionValues Values, int Field)> _filters = [];
    readonly bool _isRaw;

    /// <param name="join">The join.</param>
    /// <param name="side">The side whose topic it is.</param>
    /// <param name="both">Whether the topic is that of both sides: then each record has what either looks for.</param>
    /// <exception cref="UserException">No such record can be made up.</exception>
    internal RecordTemplate(JoinSettings join, Side side, bool both)
    {
        _side = side;
        _sources = both ? [join.Left, join.Right] : [join.Source(side)];
        _conditions = new ConditionValues(join.Where);
        _isRaw = _sources.All(s => s.Format == "raw");
        foreach (var source in _sources)
            Check(source);
        foreach (var each in both ? [Side.Left, Side.Right] : new[] { side })
            AddFields(each, each == Side.Left ? join.LeftFields : join.RightFields);
        foreach (var filter in _sources.Select(s => s.Filter).OfType<ParsedFilter>())
            AddFilter(filter);
        HasId = _sources.All(s => s.IdPath is not null || s.IdHeader is not null);
        IdIsKey = _sources.Any(s => s.IdPath is { } id && s.KeyPaths.Contains(id));
    }

    /// <summary>Whether a record that comes again is a duplicate.</summary>
    internal bool HasId { get; }

    /// <summary>Whether the id is a part of the key, so that no two records of a side may share a key.</summary>
    internal bool IdIsKey { get; }

    /// <summary>Makes a record.</summary>
    /// <param name="key">Its number stands for the key; null = a null key.</param>
    /// <param name="time">The event time.</param>
    /// <param name="id">The number of the event.</param>
    /// <param name="random">For the fields of the conditions.</param>
    internal ChaosRecord Make(long? key, long time, long id, Random random)
    {
        var name = (_side == Side.Left ? "l" : "r") + id.ToString(CultureInfo.InvariantCulture);
        var value = new JsonObject();
        byte[]? recordKey = key is null ? null : Encoding.UTF8.GetBytes(KeyPart(key.Value, 0));
        long? timestamp = null;
        (string, byte[])? header = null;
        foreach (var source in _sources)
        {
            for (var i = 0; i < source.KeyPaths.Count; i++)
                Set(value, source.KeyPaths[i], key is { } number ? JsonValue.Create(KeyPart(number, i)) : null);
            if (source.TimePath is { } path)
                Set(value, path, Time(source.TimeFormat, time));
            else
                timestamp = time;
            if (source.IdPath is { } idPath && !source.KeyPaths.Contains(idPath))
                Set(value, idPath, JsonValue.Create(name));
            if (source.IdHeader is { } idHeader)
                header = (idHeader, Encoding.UTF8.GetBytes(name));
        }

        foreach (var (path, side, field) in _fields)
            Set(value, path, _conditions.Pick(side, field, random));
        foreach (var (path, values, field) in _filters)
            Set(value, path, values.Pick(Side.Left, field, random));
        var bytes = _isRaw ? Encoding.UTF8.GetBytes(name) : JsonSerializer.SerializeToUtf8Bytes(value);
        return new ChaosRecord(_side, recordKey, bytes, timestamp, time) { Header = header };
    }

    static string KeyPart(long key, int part) => part == 0
        ? string.Create(CultureInfo.InvariantCulture, $"k{key}")
        : string.Create(CultureInfo.InvariantCulture, $"p{key % 7}");

    static JsonValue Time(TimeFormat format, long ms) => format switch
    {
        TimeFormat.EpochMillis => JsonValue.Create(ms),
        TimeFormat.EpochSeconds => JsonValue.Create(ms / 1000m),
        TimeFormat.EpochMicros => JsonValue.Create(ms * 1000),
        _ => JsonValue.Create(TimeText.Iso(ms)),
    };

    static void Set(JsonObject value, string path, JsonValue? leaf) => Set(value, FieldPath.Parse(path), leaf);

    static void Set(JsonObject value, IReadOnlyList<string> path, JsonValue? leaf)
    {
        for (var i = 0; i < path.Count - 1; i++)
        {
            if (value[path[i]] is not JsonObject inner)
                value[path[i]] = inner = [];
            value = inner;
        }

        value[path[^1]] = leaf;
    }

    // A condition on key, time or id finds what stands there anyway.
    void AddFields(Side side, IReadOnlyList<string> fields)
    {
        var taken = _sources.SelectMany(Paths).Select(p => FieldPath.Format(FieldPath.Parse(p))).ToHashSet();
        for (var i = 0; i < fields.Count; i++)
        {
            var path = FieldPath.Parse(fields[i]);
            if (!taken.Contains(FieldPath.Format(path)))
                _fields.Add((path, side, i));
        }
    }

    // A field that a filter reads has its values, whatever a condition on the pair reads there.
    void AddFilter(ParsedFilter filter)
    {
        var values = new ConditionValues(filter.Condition);
        var taken = _sources.SelectMany(Paths).Select(p => FieldPath.Format(FieldPath.Parse(p))).ToHashSet();
        for (var i = 0; i < filter.Fields.Count; i++)
        {
            var path = FieldPath.Parse(filter.Fields[i]);
            if (!taken.Contains(FieldPath.Format(path)))
                _filters.Add((path, values, i));
        }
    }

    static IEnumerable<string> Paths(SourceSettings source) => source.KeyPaths
        .Concat(source.TimePath is { } time ? [time] : []).Concat(source.IdPath is { } id ? [id] : []);

    static void Check(SourceSettings source)
    {
        if (source.Format is not ("json" or "raw"))
            throw new UserException(
                $"no records can be made up for {source.Topic}: its format is {source.Format}; give some with --input", ExitCodes.Usage);
        if (Paths(source).FirstOrDefault(path => RecordPart.OriginOf(path) != RecordPartOrigin.Value) is { } other)
            throw new UserException(
                $"no records can be made up for {source.Topic}: {other} stands in no field of the value", ExitCodes.Usage);
        if (source.TimePath is { } time && (source.KeyPaths.Contains(time) || source.IdPath == time))
            throw new UserException(
                $"no records can be made up for {source.Topic}: {time} is time and key or id at once; give some with --input",
                ExitCodes.Usage);
    }
}
