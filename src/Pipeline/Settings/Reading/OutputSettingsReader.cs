using AkkaJoin.Pipeline.Hocon;
using AkkaJoin.Pipeline.Rows;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Reads <c>output</c> of a join.</summary>
static class OutputSettingsReader
{
    const string BrokerDefault = "broker-default";

    /// <param name="section">The section.</param>
    /// <param name="type">The type of the join.</param>
    /// <param name="services">An application's; null = none can read rows.</param>
    public static OutputSettings Read(Section section, JoinType type, IServiceProvider? services)
    {
        var topic = section.RequiredText("topic");
        TopicNames.Check(section, "topic", topic);
        return new OutputSettings
        {
            To = ReadTarget(section, services),
            Topic = topic,
            LateTopic = ReadTopic(section, "late-topic", topic + ".late"),
            DeadLetterTopic = ReadTopic(section, "dead-letter-topic", topic + ".dead"),
            Create = section.Flag("create"),
            Partitions = section.Number("partitions", 1, 10_000),
            Replication = ReadReplication(section),
            EventTimestamp = section.Choice("timestamp", ("event", true), ("now", false)),
            Format = TypeNames.Check<Shards.Outputs.IRowWriter>(section, "format", "json"),
            Headers = ReadHeaders(section),
            Deduplicate = section.Choice("deduplicate", ("off", Deduplicate.Off), ("tail", Deduplicate.Tail)),
            Select = ReadSelect(section, type),
            Services = services,
        };
    }

    static RowTarget ReadTarget(Section section, IServiceProvider? services)
    {
        var target = section.Choice("to", ("kafka", RowTarget.Kafka), ("source", RowTarget.Source));
        if (target == RowTarget.Source && services is null)
            section.Refuse("to", "can be source in an application that calls AddAkkaJoin: nobody could read the rows here");
        if (target == RowTarget.Source && section.Text("deduplicate") is "tail")
            section.Refuse("deduplicate", "can be tail where rows go to a topic: a reader in the application knows rows by their ids");
        return target;
    }

    static string ReadTopic(Section section, string key, string otherwise)
    {
        if (section.Value(key) is null) return otherwise;
        var topic = section.RequiredText(key);
        TopicNames.Check(section, key, topic);
        return topic;
    }

    static short ReadReplication(Section section)
    {
        if (section.Value("replication") is HoconText { Text: BrokerDefault or "-1" }) return -1;
        return (short)section.Number("replication", 1, 100);
    }

    static RowHeaders ReadHeaders(Section section)
    {
        var headers = RowHeaders.None;
        foreach (var word in section.Texts("headers"))
        {
            if (word == "join")
                headers |= RowHeaders.Join;
            else if (word == "row")
                headers |= RowHeaders.Row;
            else if (word == "source")
                headers |= RowHeaders.Source;
            else
                section.RefuseValue("headers", "must hold some of join, row and source", word);
        }

        return headers;
    }

    static IReadOnlyList<string> ReadSelect(Section section, JoinType type)
    {
        var fields = section.Texts("select");
        var labels = new HashSet<string>();
        foreach (var field in fields)
        {
            try
            {
                var name = SelectName.Parse(field);
                if (!IsField(name.Field, type))
                    section.RefuseValue("select", $"must hold fields of a row: {Known(type)}", field);
                else if (!labels.Add(name.Label))
                    section.RefuseValue("select", "must not hold a field twice", name.Label);
            }
            catch (FormatException e)
            {
                section.Refuse("select", $"must hold fields of a row: {e.Message}");
            }
        }

        return fields;
    }

    /// <exception cref="FormatException">It looks like a path, and is none.</exception>
    static bool IsField(string field, JoinType type)
    {
        if (Known(type).Split(", ").Contains(field)) return true;
        var dot = field.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && (field[..dot] == "right" || field[..dot] == Lefts(type))
            && FieldPath.ParseConfigured(field[(dot + 1)..]).Count > 0;
    }

    static string Known(JoinType type) => type == JoinType.Attribution
        ? "key, rightTime, leftCount, right, right.PATH, lefts, lefts.PATH"
        : "key, leftTime, rightTime, left, left.PATH, right, right.PATH";

    static string Lefts(JoinType type) => type == JoinType.Attribution ? "lefts" : "left";
}
