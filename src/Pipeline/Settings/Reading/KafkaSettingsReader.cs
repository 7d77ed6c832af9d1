using System.Globalization;
using AkkaJoin.Pipeline.Hocon;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Reads <c>akkajoin.kafka</c>.</summary>
internal static class KafkaSettingsReader
{
    /// <summary>What the engine sets itself, and what to use instead.</summary>
    private static readonly Dictionary<string, string> Owned = new(StringComparer.Ordinal)
    {
        ["bootstrap.servers"] = "use akkajoin.kafka.bootstrap-servers",
        ["metadata.broker.list"] = "use akkajoin.kafka.bootstrap-servers",
        ["session.timeout.ms"] = "use akkajoin.kafka.session-timeout",
        ["group.id"] = "use group-id of the join",
        ["auto.offset.reset"] = "use start of the join",
        ["enable.auto.commit"] = "offsets are committed once their records are journaled",
        ["enable.auto.offset.store"] = "offsets are committed once their records are journaled",
        ["partition.assignment.strategy"] = "it is cooperative-sticky",
        ["group.protocol"] = "it is classic",
        ["enable.idempotence"] = "it is true",
        ["partitioner"] = "it is murmur2_random, as Java's",
        ["transactional.id"] = "output is at least once",
    };

    public static KafkaSettings Read(Section section)
    {
        var connect = (int)section.Duration("connect-timeout", 100, 3_600_000);
        var session = (int)section.Duration("session-timeout", 1_000, 1_800_000);
        return new KafkaSettings
        {
            BootstrapServers = ReadServers(section),
            Client = ReadKeys(section, "client"),
            Consumer = ReadKeys(section, "consumer"),
            Producer = ReadKeys(section, "producer"),
            ConnectTimeoutMs = connect,
            SessionTimeoutMs = session,
        };
    }

    private static string ReadServers(Section section)
    {
        const string key = "bootstrap-servers";
        if (section.Value(key) is HoconArray) return CheckServers(section, key, section.Texts(key));
        var text = section.RequiredText(key);
        return text.Length == 0 ? text : CheckServers(section, key, text.Split(','));
    }

    private static string CheckServers(Section section, string key, IReadOnlyList<string> texts)
    {
        var servers = texts.Select(server => server.Trim()).ToList();
        if (servers.Count == 0) section.Refuse(key, "must name one broker at least");
        foreach (var server in servers.Where(server => !IsServer(server)))
            section.RefuseValue(key, "must be host:port, several separated by commas", server);
        return string.Join(',', servers);
    }

    /// <summary>host:port, [IPv6]:port, or either with a protocol in front, as librdkafka takes it.</summary>
    private static bool IsServer(string server)
    {
        var protocol = server.IndexOf("://", StringComparison.Ordinal);
        var address = protocol > 0 ? server[(protocol + 3)..] : server;
        var colon = address.LastIndexOf(':');
        if (colon <= 0) return false;
        var host = address[..colon];
        if (host.StartsWith('[') && host.EndsWith(']')) host = host[1..^1].Replace(':', '.');
        return host.Length > 0
            && host.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or '%')
            && ushort.TryParse(address[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port > 0;
    }

    /// <summary>A nested object is a dotted librdkafka key.</summary>
    private static Dictionary<string, string> ReadKeys(Section section, string name)
    {
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        var child = section.Child(name);
        if (section.Value(name) is HoconObject values) Flatten(child, values, "", keys);
        return keys;
    }

    private static void Flatten(Section section, HoconObject values, string prefix, Dictionary<string, string> keys)
    {
        foreach (var (name, value) in values.Fields)
        {
            var key = prefix + name;
            switch (value)
            {
                case HoconText when Owned.TryGetValue(key, out var instead):
                    section.RefuseAt(key, value.Origin, $"cannot be set: {instead}");
                    break;
                case HoconText text: keys[key] = text.Text; break;
                case HoconObject nested: Flatten(section, nested, key + ".", keys); break;
                case HoconArray: section.RefuseAt(key, value.Origin, "must be a text, not a list"); break;
            }
        }
    }
}
