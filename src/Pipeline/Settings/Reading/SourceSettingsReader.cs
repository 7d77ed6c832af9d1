using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Reads <c>left</c> or <c>right</c> of a join.</summary>
static class SourceSettingsReader
{
    const string RecordKey = "record-key";
    const string RecordTimestamp = "record-timestamp";
    const string NoId = "none";
    const string HeaderPrefix = "header:";

    /// <param name="section">The section.</param>
    /// <param name="services">An application's; null = none has sources.</param>
    public static SourceSettings Read(Section section, IServiceProvider? services)
    {
        var topic = section.RequiredText("topic");
        TopicNames.Check(section, "topic", topic);
        var (idPath, idHeader) = ReadId(section);
        var source = new SourceSettings
        {
            Topic = topic,
            IsFromSource = ReadIsFromSource(section, services),
            Services = services,
            KeyPaths = ReadKey(section),
            TimePath = ReadTime(section),
            TimeFormat = ReadTimeFormat(section),
            IdPath = idPath,
            IdHeader = idHeader,
            Filter = ReadFilter(section),
            Format = TypeNames.Check<Decoding.IRecordDecoder>(section, "format", "json", "raw"),
        };
        CheckTogether(section, source);
        return source;
    }

    static bool ReadIsFromSource(Section section, IServiceProvider? services)
    {
        var isFromSource = section.Choice("from", ("kafka", false), ("source", true));
        if (isFromSource && services is null)
            section.Refuse("from", "can be source in an application that calls AddAkkaJoin: here are no sources");
        return isFromSource;
    }

    static IReadOnlyList<string> ReadKey(Section section)
    {
        var paths = section.Texts("key");
        if (paths is [RecordKey]) return [];
        if (section.Value("key") is null or Hocon.HoconArray { Items.Count: 0 })
            section.Refuse("key", $"must be {RecordKey}, a field path, header:NAME, record-key.PATH or a list of them");
        foreach (var path in paths)
        {
            // The journaled definition separates the paths of a key by commas.
            if (path.Contains(',', StringComparison.Ordinal))
                section.RefuseValue("key", "must not have a comma in a field path; several paths are a list, [a, b]", path);
            else CheckPath(section, "key", path);
        }

        foreach (var path in paths.GroupBy(path => path).Where(group => group.Count() > 1))
            section.RefuseValue("key", "must not name a field twice", path.Key);
        return paths;
    }

    static string? ReadTime(Section section)
    {
        var time = section.RequiredText("time");
        if (time is RecordTimestamp or "") return null;
        CheckPath(section, "time", time);
        return time;
    }

    static TimeFormat ReadTimeFormat(Section section) => section.Choice("time-format", TimeFormats.Names);

    static (string? Path, string? Header) ReadId(Section section)
    {
        var id = section.RequiredText("id");
        if (id is NoId or "") return (null, null);
        if (!id.StartsWith(HeaderPrefix, StringComparison.Ordinal))
        {
            CheckPath(section, "id", id);
            return (id, null);
        }

        if (id.Length == HeaderPrefix.Length) section.RefuseValue("id", "must name the header, \"header:NAME\"", id);
        return (null, id[HeaderPrefix.Length..]);
    }

    static ParsedFilter? ReadFilter(Section section)
    {
        if (section.Text("filter") is not { } text) return null;
        try
        {
            return WhereParser.ParseFilter(text);
        }
        catch (WhereSyntaxException e)
        {
            section.Refuse("filter", $"is no condition: {e.Message}, at character {e.Position + 1} of \"{text}\"");
            return null;
        }
    }

    static void CheckPath(Section section, string key, string path)
    {
        try
        {
            RecordPart.Check(path);
        }
        catch (FormatException e)
        {
            section.Refuse(key, $"must be a field path, header:NAME or record-key.PATH: {e.Message}");
        }
    }

    static void CheckTogether(Section section, SourceSettings source)
    {
        if (source.TimePath is null && section.Sets("time-format"))
            section.Refuse("time-format", "needs time = the path of a field");
        if (source.Format != "raw") return;
        if (source.KeyPaths.Any(IsOfValue)) section.Refuse("key", $"must be {RecordKey}, record-key.PATH or header:NAME: a raw "
            + "value has no fields");
        if (IsOfValue(source.TimePath)) section.Refuse("time", $"must be {RecordTimestamp}, record-key.PATH or header:NAME: a "
            + "raw value has no fields");
        if (source.Filter is not null) section.Refuse("filter", "cannot be used: a raw value has no fields");
        if (IsOfValue(source.IdPath)) section.Refuse("id", "must be \"header:NAME\" or none: a raw value has no fields");
    }

    static bool IsOfValue(string? part) => part is not null && RecordPart.OriginOf(part) == RecordPartOrigin.Value;
}
