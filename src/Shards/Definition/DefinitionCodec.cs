using System.Globalization;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Conditions;

namespace AkkaJoin.Shards.Definition;

/// <summary>
/// A definition as names and values, so that two can be compared and every difference told, and as bytes: u8 version, varint count,
/// then name and value as texts. A later version may add names; it must know every name of an earlier one. Version 2 has
/// <c>left.filter</c> and <c>right.filter</c>; a definition without them is written as version 1, which every program reads.
/// </summary>
static class DefinitionCodec
{
    internal const byte CurrentVersion = 2;

    const byte WithoutFilters = 1;
    const string FilterName = "filter";

    internal static byte[] Write(JoinDefinition definition)
    {
        // A program that does not know filters would join what they keep out: it must not be able to read them.
        var version = VersionOf(definition);
        var entries = Entries(definition).Where(e => version > WithoutFilters || !IsFilter(e.Key)).ToList();
        var writer = new ByteWriter(512);
        writer.Byte(version);
        writer.Number(entries.Count);
        foreach (var (name, value) in entries)
        {
            writer.Text(name);
            writer.Text(value);
        }

        return writer.ToArray();
    }

    /// <summary>The oldest version that can say all of the definition.</summary>
    internal static byte VersionOf(JoinDefinition definition) =>
        definition.Left.Filter.Length + definition.Right.Filter.Length > 0 ? CurrentVersion : WithoutFilters;

    /// <exception cref="MalformedBatchException">The bytes are no definition of a known version.</exception>
    internal static JoinDefinition Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var version = reader.Byte();
        if (version is 0 or > CurrentVersion)
            throw new MalformedBatchException($"definition format version {version}; this program reads up to {CurrentVersion}");
        var entries = new Dictionary<string, string>();
        for (var left = reader.Count(); left > 0; left--)
        {
            var name = reader.Text();
            entries[name] = reader.Text();
        }

        try
        {
            return FromEntries(entries);
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or ArgumentException or WhereSyntaxException or OverflowException)
        {
            throw new MalformedBatchException("a definition: " + e.Message, e);
        }
    }

    /// <summary>The names and values, in order.</summary>
    internal static IReadOnlyList<KeyValuePair<string, string>> Entries(JoinDefinition d)
    {
        var entries = new List<KeyValuePair<string, string>>();
        void Add(string name, string value) => entries.Add(new(name, value));
        Add("name", d.Name);
        Add("type", d.Type.ToString());
        Add("before-ms", Text(d.BeforeMs));
        Add("after-ms", Text(d.AfterMs));
        Add("where", d.Where is null ? "" : WhereParser.Format(d.Where, d.Left.Fields, d.Right.Fields));
        Add("late.policy", d.Late.ToString());
        Add("attribution.credit", d.Credit.ToString());
        Add("attribution.max-collapsed", Text(d.MaxCollapsed));
        Add("max-out-of-orderness-ms", Text(d.MaxOutOfOrdernessMs));
        Add("idle.policy", d.Idle.ToString());
        Add("idle.timeout-ms", Text(d.IdleTimeoutMs));
        Add("max-drift-ms", Limit(d.MaxDriftMs));
        Add("max-ahead-of-wall-clock-ms", Limit(d.MaxAheadOfWallClockMs));
        Add("key-groups", Text(d.KeyGroups));
        Add("key-hash", d.KeyHash);
        foreach (var side in new[] { Side.Left, Side.Right })
        {
            var prefix = side == Side.Left ? "left." : "right.";
            var source = d.Source(side);
            Add(prefix + "topic", source.Topic);
            Add(prefix + "topic-id", source.TopicId);
            Add(prefix + "key", source.Key);
            Add(prefix + "time", source.Time);
            Add(prefix + "id", source.Id);
            Add(prefix + "format", source.Format);
            Add(prefix + "fields", string.Join('\n', source.Fields));
            Add(prefix + FilterName, source.Filter);
        }

        return entries;
    }

    static JoinDefinition FromEntries(Dictionary<string, string> entries)
    {
        var left = Source(entries, "left.");
        var right = Source(entries, "right.");
        return new JoinDefinition
        {
            Name = entries["name"],
            Type = Word<JoinType>(entries["type"]),
            BeforeMs = Number(entries["before-ms"]),
            AfterMs = Number(entries["after-ms"]),
            Where = Where(entries["where"], left, right),
            Late = Word<LatePolicy>(entries["late.policy"]),
            Credit = Word<Credit>(entries["attribution.credit"]),
            MaxCollapsed = checked((int)Number(entries["attribution.max-collapsed"])),
            MaxOutOfOrdernessMs = Number(entries["max-out-of-orderness-ms"]),
            Idle = Word<IdlePolicy>(entries["idle.policy"]),
            IdleTimeoutMs = Number(entries["idle.timeout-ms"]),
            MaxDriftMs = Limit(entries["max-drift-ms"]),
            MaxAheadOfWallClockMs = Limit(entries["max-ahead-of-wall-clock-ms"]),
            KeyGroups = checked((int)Number(entries["key-groups"])),
            KeyHash = entries["key-hash"],
            Left = left,
            Right = right,
        };
    }

    static Condition? Where(string text, SourceDefinition left, SourceDefinition right)
    {
        if (text.Length == 0)
            return null;
        var parsed = WhereParser.Parse(text, left.Fields, right.Fields);
        if (parsed.LeftFields.Count > left.Fields.Count || parsed.RightFields.Count > right.Fields.Count)
            throw new FormatException("'where' names a field that the records do not carry");
        return parsed.Condition;
    }

    static SourceDefinition Source(Dictionary<string, string> entries, string prefix) => new(
        entries[prefix + "topic"],
        entries[prefix + "topic-id"],
        entries[prefix + "key"],
        entries[prefix + "time"],
        entries[prefix + "id"],
        entries[prefix + "format"],
        entries[prefix + "fields"].Length == 0 ? [] : entries[prefix + "fields"].Split('\n'))
    {
        Filter = Filter(entries.GetValueOrDefault(prefix + FilterName, "")),
    };

    // Read as it will be, so that a text that is none is found here.
    static string Filter(string text) => text.Length == 0 ? "" : WhereParser.ParseFilter(text).Text;

    static bool IsFilter(string name) => name.EndsWith('.' + FilterName, StringComparison.Ordinal);

    static string Limit(long? value) => value is { } limit ? Text(limit) : "unlimited";

    static long? Limit(string text) => text == "unlimited" ? null : Number(text);

    // Enum.Parse takes numbers too, and lists.
    static T Word<T>(string text)
        where T : struct, Enum =>
        Enum.GetNames<T>().Contains(text) ? Enum.Parse<T>(text) : throw new FormatException($"'{text}' is no {typeof(T).Name}");

    static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    static long Number(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
