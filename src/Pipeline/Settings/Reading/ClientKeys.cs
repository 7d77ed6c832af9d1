using AkkaJoin.Pipeline.Hocon;
using AkkaJoin.Pipeline.Kafka.Native;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Reads the librdkafka keys of <c>client</c>, <c>consumer</c> and <c>producer</c>.</summary>
static class ClientKeys
{
    /// <summary>Keys of Confluent.Kafka, which librdkafka does not know.</summary>
    const string DotnetPrefix = "dotnet.";

    /// <summary>Keys that the engine sets itself, and what to use instead.</summary>
    static readonly Dictionary<string, string> Owned = new(StringComparer.Ordinal)
    {
        ["bootstrap.servers"] = "use akkajoin.kafka.bootstrap-servers",
        ["metadata.broker.list"] = "use akkajoin.kafka.bootstrap-servers",
        ["session.timeout.ms"] = "use akkajoin.kafka.session-timeout",
        ["group.id"] = "use group-id of the join",
        ["auto.offset.reset"] = "use start of the join",
        ["enable.auto.commit"] = "offsets are committed once their records are journaled",
        ["enable.auto.offset.store"] = "offsets are committed once their records are journaled",
        ["enable.partition.eof"] = "it is true",
        ["partition.assignment.strategy"] = "it is cooperative-sticky",
        ["group.protocol"] = "it is classic",
        ["delivery.report.only.error"] = "it is false: a row is confirmed by its report",
        ["enable.idempotence"] = "it is true",
        ["partitioner"] = "it is murmur2_random, as Java's",
        ["transactional.id"] = "output is at least once",
    };

    /// <summary>The keys, dotted. Problems are noted.</summary>
    public static IReadOnlyDictionary<string, string> Read(Section section, string name)
    {
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        var child = section.Child(name);
        if (section.Value(name) is HoconObject values) Flatten(child, values, "", keys);
        return keys;
    }

    /// <summary>Each key, dotted, and where it was written.</summary>
    public static IEnumerable<(string Name, HoconOrigin Origin)> Origins(Section section, string name) =>
        section.Value(name) is HoconObject values ? Origins(values, "") : [];

    static IEnumerable<(string Name, HoconOrigin Origin)> Origins(HoconObject values, string prefix) => values.Fields.SelectMany(
        field => field.Value is HoconObject nested
            ? Origins(nested, prefix + field.Key + ".")
            : [(prefix + field.Key, field.Value.Origin)]);

    /// <summary>A nested object is a dotted librdkafka key.</summary>
    static void Flatten(Section section, HoconObject values, string prefix, Dictionary<string, string> keys)
    {
        foreach (var (name, value) in values.Fields)
        {
            var key = prefix + name;
            switch (value)
            {
                case HoconText text:
                    if (Refusal(key, text.Text) is { } refusal) section.RefuseAt(key, value.Origin, refusal);
                    keys[key] = text.Text;
                    break;
                case HoconObject nested:
                    Flatten(section, nested, key + ".", keys);
                    break;
                case HoconArray:
                    section.RefuseAt(key, value.Origin, "must be a text, not a list");
                    break;
            }
        }
    }

    static string? Refusal(string key, string value)
    {
        if (Owned.TryGetValue(key, out var instead)) return $"cannot be set: {instead}";
        if (key.StartsWith(DotnetPrefix, StringComparison.Ordinal)) return null;
        switch (RdKafkaConf.Check(key, value, out var error))
        {
            case RdKafkaConfResult.Good:
                return null;
            case RdKafkaConfResult.UnknownKey:
                var meant = NearestWord.Find(key, RdKafkaConf.Names);
                return "is no key of librdkafka" + (meant is null ? "" : $"; did you mean {meant}?");
            default:
                return Secrets.IsSecret(key) ? "has a value that librdkafka refuses" : $"is refused by librdkafka: {error}";
        }
    }
}
