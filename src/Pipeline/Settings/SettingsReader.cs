using AkkaJoin.Pipeline.Hocon;
using AkkaJoin.Pipeline.Settings.Reading;

namespace AkkaJoin.Pipeline.Settings;

/// <summary>Turns a configuration into settings, and finds all that is wrong with it.</summary>
internal static class SettingsReader
{
    /// <summary>Reads the settings.</summary>
    /// <param name="root">The user's configuration over the defaults.</param>
    /// <param name="reference">The defaults alone: the list of known keys.</param>
    /// <param name="file">The user's file, for messages.</param>
    /// <exception cref="ConfigException">Something is wrong; it names everything that is.</exception>
    public static AkkaJoinSettings Read(HoconObject root, HoconObject reference, string file)
    {
        var problems = new ProblemList();
        new UnknownKeys(reference, problems).Check(root);
        var section = new Section("akkajoin", root.Find("akkajoin") as HoconObject, null, problems);
        var settings = new AkkaJoinSettings
        {
            Kafka = KafkaSettingsReader.Read(section.Child("kafka")),
            Journal = ReadJournal(section),
            Joins = ReadJoins(section, file, problems),
        };

        // Without an override of a join nothing has read it yet.
        FlowSettingsReader.Read(section.Child("flow"));
        CheckGroups(settings.Joins, section.Child("joins"));
        var found = problems.Problems.Distinct().ToList();
        return found.Count == 0 ? settings : throw new ConfigException(file, found);
    }

    private static JournalSettings ReadJournal(Section section)
    {
        var kind = section.Choice("journal", ("sqlite", "sqlite"), ("postgresql", "postgresql"));
        if (kind == "postgresql") section.Refuse("journal", "cannot be postgresql yet: it comes with the cluster release; use sqlite");
        return new JournalSettings { Kind = kind, SqliteDirectory = section.Child("sqlite").RequiredText("directory") };
    }

    private static List<JoinSettings> ReadJoins(Section section, string file, ProblemList problems)
    {
        var defaults = section.Value("join-defaults") as HoconObject;
        var joins = new List<JoinSettings>();
        var children = section.Child("joins");
        if (section.Value("joins") is HoconObject named)
        {
            foreach (var (name, value) in named.Fields)
            {
                if (value is HoconNull) continue;
                var join = children.Child(name, defaults);
                if (value is HoconObject) joins.Add(JoinSettingsReader.Read(name, join, FlowOf(join, section)));
            }
        }

        if (section.Value("joins") is null or HoconObject { Fields.Count: 0 })
            problems.Add("akkajoin.joins", new HoconOrigin(file, 0), "is missing: one join at least is needed, akkajoin.joins.NAME { ... }");
        return joins;
    }

    /// <summary>The join's own over that of join-defaults over akkajoin.flow.</summary>
    private static Section FlowOf(Section join, Section section)
    {
        var general = section.Value("flow") as HoconObject;
        var forAll = (section.Value("join-defaults") as HoconObject)?.Find("flow") as HoconObject;
        return join.Child("flow", general is null || forAll is null ? general : HoconObject.Merge(general, forAll));
    }

    /// <summary>Two joins in one consumer group would commit each other's offsets.</summary>
    private static void CheckGroups(IReadOnlyList<JoinSettings> joins, Section section)
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
