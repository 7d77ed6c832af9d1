using AkkaJoin.Pipeline.Hocon;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Lists every key of a configuration with the value in force and where that was set.</summary>
static class EffectiveConfig
{
    const string NotSet = "not set";
    const string Default = "default";

    /// <summary>
    /// The keys of akkajoin, each join with what it takes from the defaults, then those meant for Akka.
    /// </summary>
    public static IReadOnlyList<EffectiveSetting> List(HoconObject root, AkkaJoinSettings settings)
    {
        var derived = Derived(settings);
        var listed = new List<EffectiveSetting>();
        if (root.Find("akkajoin") is HoconObject own)
        {
            var defaults = (HoconObject)own.Find("join-defaults")!;
            foreach (var (key, value) in own.Fields.Where(field => field.Key is not ("joins" or "join-defaults")))
                Add(listed, derived, $"akkajoin.{Paths.Show([key])}", value);
            foreach (var (name, value) in ((HoconObject)own.Find("joins")!).Fields)
            {
                if (value is HoconObject join) Add(listed, derived, JoinPath(name), HoconObject.Merge(defaults, join));
            }
        }

        foreach (var (key, value) in root.Fields.Where(field => field.Key != "akkajoin"))
            Add(listed, derived, Paths.Show([key]), value);
        return listed;
    }

    /// <summary>Values that follow from other keys where they are not set.</summary>
    static Dictionary<string, string> Derived(AkkaJoinSettings settings)
    {
        var derived = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var join in settings.Joins)
        {
            derived[JoinPath(join.Name) + ".group-id"] = join.GroupId;
            derived[JoinPath(join.Name) + ".output.late-topic"] = join.Output.LateTopic;
            derived[JoinPath(join.Name) + ".output.dead-letter-topic"] = join.Output.DeadLetterTopic;
        }

        return derived;
    }

    static string JoinPath(string name) => $"akkajoin.joins.{Paths.Show([name])}";

    static void Add(List<EffectiveSetting> listed, Dictionary<string, string> derived, string path, HoconValue value)
    {
        switch (value)
        {
            case HoconObject o:
                foreach (var (key, field) in o.Fields) Add(listed, derived, $"{path}.{Paths.Show([key])}", field);
                break;
            case HoconNull:
                listed.Add(derived.TryGetValue(path, out var text)
                    ? new EffectiveSetting(path, text, Default)
                    : new EffectiveSetting(path, NotSet, Describe(value.Origin)));
                break;
            default:
                listed.Add(new EffectiveSetting(path, Secrets.Mask(path, Show(value)), Describe(value.Origin)));
                break;
        }
    }

    static string Show(HoconValue value) => value is HoconText { Text.Length: 0 } ? "\"\"" : value.ToString()!;

    static string Describe(HoconOrigin origin)
    {
        if (origin.Environment is not null) return $"environment {origin.Environment}";
        return origin.File == ReferenceConfig.Name ? origin.File : origin.ToString();
    }
}
