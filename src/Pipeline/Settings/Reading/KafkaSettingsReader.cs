using System.Globalization;
using AkkaJoin.Pipeline.Hocon;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Reads <c>akkajoin.kafka</c>.</summary>
static class KafkaSettingsReader
{
    public static KafkaSettings Read(Section section)
    {
        var connect = (int)section.Duration("connect-timeout", 100, 3_600_000);
        var session = (int)section.Duration("session-timeout", 1_000, 1_800_000);
        var kafka = new KafkaSettings
        {
            BootstrapServers = ReadServers(section),
            Client = ClientKeys.Read(section, "client"),
            Consumer = ClientKeys.Read(section, "consumer"),
            Producer = ClientKeys.Read(section, "producer"),
            ConnectTimeoutMs = connect,
            SessionTimeoutMs = session,
        };
        if (!section.IsAnyRefused)
            ClientRules.Check(section, kafka);
        return kafka;
    }

    static string ReadServers(Section section)
    {
        const string key = "bootstrap-servers";
        if (section.Value(key) is HoconArray) return CheckServers(section, key, section.Texts(key));
        var text = section.RequiredText(key);
        return text.Length == 0 ? text : CheckServers(section, key, text.Split(','));
    }

    static string CheckServers(Section section, string key, IReadOnlyList<string> texts)
    {
        var servers = texts.Select(server => server.Trim()).ToList();
        if (servers.Count == 0) section.Refuse(key, "must name one broker at least");
        foreach (var server in servers.Where(server => !IsServer(server)))
            section.RefuseValue(key, "must be host:port, several separated by commas", server);
        return string.Join(',', servers);
    }

    /// <summary>host:port, [IPv6]:port, or either with a protocol in front, as librdkafka takes it.</summary>
    static bool IsServer(string server)
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
}
