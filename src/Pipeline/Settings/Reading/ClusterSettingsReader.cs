using System.Globalization;
using AkkaJoin.Pipeline.Hocon;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Reads <c>akkajoin.cluster</c>.</summary>
static class ClusterSettingsReader
{
    const int PortMax = 65_535;

    public static ClusterSettings Read(Section section)
    {
        var settings = new ClusterSettings
        {
            Hostname = section.RequiredText("hostname"),
            BindHostname = section.Text("bind-hostname"),
            Port = section.Number("port", 0, PortMax),
            Seeds = ReadSeeds(section),
            FormAfterMs = (int)section.Duration("form-after", 1_000, 600_000),
            LeaseTimeoutMs = (int)section.Duration("lease-timeout", 5_000, 600_000),
            Tls = ReadTls(section.Child("tls")),
            IsPlain = section.Child("tls").Choice("mode", ("auto", false), ("off", true)),
        };
        if (settings is { IsPlain: true, Tls: not null })
            section.Child("tls").Refuse("mode", "is off, but certificate-file is set: take one of them out");
        if (settings.Tls is null)
        {
            RefuseUnlessLoopback(section, "hostname", settings.Hostname);
            RefuseUnlessLoopback(section, "bind-hostname", settings.BindHostname ?? settings.Hostname);
        }

        return settings;
    }

    static void RefuseUnlessLoopback(Section section, string key, string host)
    {
        if (!section.IsRefused(key) && section.Value(key) is not null && !LoopbackHost.Is(host))
            section.RefuseValue(key, "must be a loopback address as long as cluster.tls.certificate-file is not set: beyond this "
                + "machine the nodes need certificates of your authority", host);
    }

    static List<string> ReadSeeds(Section section)
    {
        const string key = "seeds";
        var texts = section.Value(key) is HoconArray ? section.Texts(key) : section.Text(key)?.Split(',') ?? [];
        var seeds = texts.Select(seed => seed.Trim()).Where(seed => seed.Length > 0).ToList();
        foreach (var seed in seeds.Where(seed => !IsSeed(seed)))
            section.RefuseValue(key, "must be host:port, several separated by commas", seed);
        return seeds;
    }

    static bool IsSeed(string seed)
    {
        var colon = seed.LastIndexOf(':');
        return colon > 0
            && seed[..colon].All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or '[' or ']' or ':')
            && ushort.TryParse(seed[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port > 0;
    }

    static TlsSettings? ReadTls(Section section)
    {
        string[] keys = ["certificate-file", "key-file", "authority-file"];
        var files = keys.Select(section.Text).ToArray();
        if (files.All(file => file is null))
            return null;
        foreach (var (key, file) in keys.Zip(files))
        {
            if (file is null)
                section.Refuse(key, "is missing: mutual TLS needs certificate-file, key-file and authority-file");
            else if (!File.Exists(file))
                section.RefuseValue(key, "must be a file that is there", file);
        }

        return new TlsSettings(files[0] ?? "", files[1] ?? "", files[2] ?? "");
    }
}
