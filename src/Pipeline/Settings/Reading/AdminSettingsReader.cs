using AkkaJoin.Pipeline.Hocon;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Reads <c>akkajoin.admin</c>.</summary>
static class AdminSettingsReader
{
    const int PortMax = 65_535, NameCharactersMax = 200;

    static readonly (string Word, AdminRight Value)[] Rights =
        [("state", AdminRight.State), ("data", AdminRight.Data), ("act", AdminRight.Act)];

    public static AdminSettings Read(Section section)
    {
        var settings = new AdminSettings
        {
            Host = section.RequiredText("host"),
            Port = section.Text("port") is "none" ? null : section.Number("port", 0, PortMax),
            HealthPort = section.Text("health-port") is "none" ? null : section.Number("health-port", 0, PortMax),
            Tls = ReadTls(section.Child("tls")),
            Clients = ReadGrants(section, "clients", "subject", hasFile: false),
            Tokens = ReadGrants(section, "tokens", "name", hasFile: true),
            Explain = ReadLimits(section.Child("explain")),
        };
        if (settings is { Tls: null, IsLoopback: false } && !section.IsRefused("host"))
        {
            section.RefuseValue(
                "host",
                "must be a loopback address as long as admin.tls.certificate-file is not set: beyond this machine the port "
                    + "speaks TLS alone",
                settings.Host);
        }

        if (settings.Clients.Count > 0 && settings.Tls?.ClientAuthorityFile is null)
            section.Refuse("clients", "needs admin.tls.client-authority-file: without it nobody is asked for a certificate");
        return settings;
    }

    static ExplainLimits ReadLimits(Section section) => new()
    {
        RecordsMax = section.Number("max-records", 1, 100_000_000),
        BytesMax = section.LongBytes("max-bytes", 64L << 10, 16L << 30),
        TimeMax = TimeSpan.FromMilliseconds(section.Duration("timeout", 100, 60_000)),
        AtOnceMax = section.Number("at-once", 1, 16),
    };

    static AdminTlsSettings? ReadTls(Section section)
    {
        string[] keys = ["certificate-file", "key-file", "client-authority-file"];
        var files = keys.Select(section.Text).ToArray();
        if (files.All(file => file is null))
            return null;
        foreach (var (key, file) in keys.Zip(files))
        {
            if (file is null && key != keys[2])
                section.Refuse(key, "is missing: TLS needs certificate-file and key-file");
            else if (file is not null && !File.Exists(file))
                section.RefuseValue(key, "must be a file that is there", file);
        }

        return new AdminTlsSettings(files[0] ?? "", files[1] ?? "", files[2]);
    }

    static List<AdminGrant> ReadGrants(Section section, string key, string nameKey, bool hasFile)
    {
        var form = hasFile ? "{ name = ..., right = state | data | act, file = ... }" : "{ subject = ..., right = state | data | act }";
        if (section.Value(key) is not { } value)
            return [];
        if (value is not HoconArray array || array.Items.Count > ReadingLimits.ListItems)
        {
            section.Refuse(key, $"must be a list of {ReadingLimits.ListItems} at most: [{form}]");
            return [];
        }

        var grants = new List<AdminGrant>();
        foreach (var item in array.Items)
        {
            if (ReadGrant(item, nameKey, hasFile) is { } grant && grants.TrueForAll(other => other.Name != grant.Name))
                grants.Add(grant);
            else
                section.RefuseAt(key, item.Origin, $"must have elements {form}, each with a {nameKey} of its own");
        }

        return grants;
    }

    static AdminGrant? ReadGrant(HoconValue item, string nameKey, bool hasFile)
    {
        string[] known = hasFile ? [nameKey, "right", "file"] : [nameKey, "right"];
        if (item is not HoconObject fields || fields.Fields.Count != known.Length)
            return null;
        var texts = known.Select(key => (fields.Fields.GetValueOrDefault(key) as HoconText)?.Text ?? "").ToList();
        var right = Rights.FirstOrDefault(choice => choice.Word == texts[1]).Value;
        var isWhole = texts.TrueForAll(text => text.Length > 0) && texts[0].Length <= NameCharactersMax && right != AdminRight.None;
        return isWhole ? new AdminGrant(texts[0], right, hasFile ? texts[2] : null) : null;
    }
}
