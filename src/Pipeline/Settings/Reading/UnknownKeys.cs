using AkkaJoin.Pipeline.Hocon;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>
/// Finds keys that nothing reads. reference.conf is the list of the known ones; an object that is empty there takes any
/// key.
/// </summary>
sealed class UnknownKeys(HoconObject reference, ProblemList problems)
{
    const string Root = "akkajoin";

    readonly HoconObject _known = (HoconObject)reference.Find(Root)!;

    /// <summary>Notes the unknown keys of a whole configuration.</summary>
    public void Check(HoconObject root)
    {
        foreach (var (key, value) in root.Fields)
        {
            // Any other key is Akka's or a plugin's, unless it looks like a misspelled one of ours.
            if (key is Root or "akka" || reference.Fields.ContainsKey(key)) continue;
            var meant = LacksRoot(key, value) ? $"{Root}.{Paths.Show([key])}" : NearestWord.Find(key, [Root, "akka"]);
            if (meant is not null) Refuse(Paths.Show([key]), value, meant);
        }

        if (root.Find(Root) is HoconObject own) CheckOwn(own);
    }

    /// <summary>
    /// Whether the command line sets a key of ours and leaves the root out, as in <c>--set flow.linger=5ms</c>. In a
    /// file, a section of that name may have values that others refer to, and the command line may set one of these.
    /// </summary>
    bool LacksRoot(string key, HoconValue value)
    {
        if (!IsSet(value)) return false;
        var known = _known.Fields.GetValueOrDefault(key);
        return value is HoconObject fields
            ? key == "joins"
                || (known is HoconObject section && fields.Fields.All(field => IsSet(field.Value) && IsMeant(field.Key, section)))
            : known is not (null or HoconObject);

        static bool IsSet(HoconValue value) => value.Origin.File == ConfigOverrides.Name;
        static bool IsMeant(string name, HoconObject section) =>
            section.Fields.ContainsKey(name) || NearestWord.Find(name, section.Fields.Keys) is not null;
    }

    void CheckOwn(HoconObject own)
    {
        Check(own, _known, Root, except: "joins");
        var join = HoconObject.Merge((HoconObject)_known.Find("join-defaults")!, Flow());
        if (own.Find("join-defaults") is HoconObject defaults) Check(defaults, join, $"{Root}.join-defaults");
        if (own.Find("joins") is not HoconObject joins) return;
        foreach (var (name, value) in joins.Fields)
        {
            if (value is HoconObject fields) Check(fields, join, $"{Root}.joins.{Paths.Show([name])}");
        }
    }

    /// <summary>A join's flow has the keys of akkajoin.flow.</summary>
    HoconObject Flow()
    {
        var flow = new HoconObject(_known.Origin);
        flow.Set("flow", _known.Find("flow")!);
        return flow;
    }

    void Check(HoconObject values, HoconObject known, string path, string? except = null)
    {
        foreach (var (key, value) in values.Fields)
        {
            if (key == except || (key == "join-defaults" && path == Root)) continue;
            var full = $"{path}.{Paths.Show([key])}";
            if (!known.Fields.TryGetValue(key, out var expected)) Refuse(full, value, Suggest(key, known));
            else if (value is HoconObject below && expected is HoconObject { Fields.Count: > 0 } knownBelow) Check(below, knownBelow, full);
        }
    }

    /// <summary>The same key where it belongs, or one beside it that is spelled almost alike.</summary>
    static string? Suggest(string key, HoconObject known) => Deeper(key, known) ?? NearestWord.Find(key, known.Fields.Keys);

    static string? Deeper(string key, HoconObject known)
    {
        foreach (var (name, value) in known.Fields)
        {
            if (value is not HoconObject below) continue;
            if (below.Fields.ContainsKey(key)) return $"{name}.{key}";
            if (Deeper(key, below) is { } found) return $"{name}.{found}";
        }

        return null;
    }

    void Refuse(string path, HoconValue value, string? meant) =>
        problems.AddSentence($"unknown key {path}", meant is null ? "" : $"; did you mean {meant}?", path, value.Origin);
}
