using AkkaJoin.Pipeline.Hocon;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Turns a configuration into settings, and finds all problems of it.</summary>
static class SettingsReader
{
    /// <summary>Reads the settings.</summary>
    /// <param name="root">The user's configuration over the defaults.</param>
    /// <param name="reference">The defaults alone: the list of known keys.</param>
    /// <param name="file">The user's file, for messages.</param>
    /// <param name="ownsAkka">Whether the actor system is the program's, and not an application's.</param>
    /// <param name="warnings">Takes the keys that were read under an older name.</param>
    /// <param name="services">Help to make decoders and row writers; null = no application does.</param>
    /// <exception cref="ConfigException">Something is wrong; it names everything that is.</exception>
    public static AkkaJoinSettings Read(
        HoconObject root,
        HoconObject reference,
        string file,
        bool ownsAkka,
        ICollection<ConfigProblem> warnings,
        IServiceProvider? services = null)
    {
        var problems = new ProblemList();
        AkkaJoinSettings? settings = null;
        try
        {
            RenamedKeys.Rename(root, problems, warnings);
            new UnknownKeys(reference, problems).Check(root);
            if (ownsAkka) AkkaKeys.Check(root, problems);
            var own = root.Find("akkajoin");
            if (own is HoconObject keys)
                settings = Read(new Section("akkajoin", keys, null, new HoconOrigin(file, 0), problems), file, problems, services);
            else
                problems.Add("akkajoin", own?.Origin, "must be an object in braces");
        }
        catch (TooManyProblemsException)
        {
            // They are in the list.
        }

        return problems.Problems.Count == 0 ? settings! : throw new ConfigException(file, InOrder(problems.Problems));
    }

    static AkkaJoinSettings Read(Section section, string file, ProblemList problems, IServiceProvider? services)
    {
        var settings = new AkkaJoinSettings
        {
            Kafka = KafkaSettingsReader.Read(section.Child("kafka")),
            Journal = JournalSettingsReader.Read(section),
            Memory = MemorySettingsReader.Read(section),
            Log = LogSettingsReader.Read(section.Child("log")),
            Cluster = ClusterSettingsReader.Read(section.Child("cluster")),
            Admin = AdminSettingsReader.Read(section.Child("admin")),
            Joins = ReadJoins(section, file, problems, services),
        };
        CheckGroups(settings.Joins, section.Child("joins"));
        return settings;
    }

    /// <summary>In the order of the file, each once.</summary>
    static List<ConfigProblem> InOrder(IEnumerable<ConfigProblem> problems) =>
        [.. problems.Distinct().OrderBy(problem => problem.Origin?.File, StringComparer.Ordinal).ThenBy(problem => problem.Origin?.Line)];

    static List<JoinSettings> ReadJoins(Section section, string file, ProblemList problems, IServiceProvider? services)
    {
        var flow = FlowSettingsReader.Read(section.Child("flow"));
        section.Child("join-defaults");
        var defaults = section.Value("join-defaults") as HoconObject;
        var named = section.Value("joins") as HoconObject;
        var children = section.Child("joins");
        var joins = new List<JoinSettings>();
        if (named?.Fields.Count > ReadingLimits.Joins)
        {
            problems.Add("akkajoin.joins", named.Origin, $"has {named.Fields.Count} joins; a process takes {ReadingLimits.Joins} at most");
            return joins;
        }

        foreach (var (name, value) in named?.Fields.Where(field => field.Value is not HoconNull) ?? [])
        {
            var join = children.Child(name, defaults);
            if (value is HoconObject) joins.Add(JoinSettingsReader.Read(name, join, ReadFlow(join, section, flow), services));
        }

        if (section.Value("joins") is null || named?.Fields.Values.All(value => value is HoconNull) == true)
            problems.Add("akkajoin.joins", new HoconOrigin(file, 0), "is missing: at least one join is needed, "
                + "akkajoin.joins.NAME { ... }");
        return joins;
    }

    /// <summary>
    /// The join's own flow, over that of join-defaults, over akkajoin.flow. The errors of the last have been noted.
    /// </summary>
    static FlowSettings ReadFlow(Section join, Section section, FlowSettings general)
    {
        var forAll = (section.Value("join-defaults") as HoconObject)?.Find("flow") as HoconObject;
        if (!join.Sets("flow") && forAll is null or { Fields.Count: 0 }) return general;
        var below = section.Value("flow") as HoconObject;
        return FlowSettingsReader.Read(join.Child("flow", below is null || forAll is null ? below : HoconObject.Merge(below, forAll)));
    }

    /// <summary>Two joins in one consumer group would commit each other's offsets.</summary>
    static void CheckGroups(IReadOnlyList<JoinSettings> joins, Section section)
    {
        foreach (var group in joins.GroupBy(join => join.GroupId).Where(group => group.Count() > 1))
        {
            foreach (var join in group.Skip(1))
            {
                section.Child(join.Name).RefuseValue(
                    "group-id", $"must not be the consumer group of the join {group.First().Name}", join.GroupId);
            }
        }
    }
}
