using System.Globalization;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Encodings;

namespace AkkaJoin.Shards.Definition;

/// <summary>
/// A definition as names and values, so that two can be compared and every difference told, and as bytes: u8 version,
/// varint count, then name and value as texts. A later version may add names; it must know every name of an earlier
/// one. Version 2 has <c>left.filter</c>, <c>right.filter</c>, exact numbers, <c>not</c>, <c>in</c> and <c>is null</c>;
/// a definition without them is written as version 1, which every program reads. The numbers of version 1 that are not
/// whole are doubles, for ever. Version 3 has <c>late.policy = Repair</c> and <c>late.repair-for-ms</c>, and
/// <c>min-time-ms</c> and <c>max-jump-ms</c>; it is written only where one of them is set.
/// </summary>
static class DefinitionCodec
{
    internal const byte CurrentVersion = 3;

    const byte FirstVersion = 1, FilterVersion = 2, TimeVersion = 3;
    const string FilterName = "filter";
    const string MinTime = "min-time-ms";
    const string MaxJump = "max-jump-ms";
    const string Unlimited = "unlimited";

    /// <summary>The bytes of a definition, in the oldest version that can say all of it.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="format">
    /// The format to write (<see cref="FormatVersions"/>); in the first one numbers that are not whole are doubles.
    /// </param>
    /// <exception cref="InvalidOperationException">
    /// The format cannot say it: see <see cref="NeedsFormat2"/> and <see cref="NeedsFormat3"/>.
    /// </exception>
    internal static byte[] Write(JoinDefinition definition, byte format = FormatVersions.Newest)
    {
        if (format < FormatVersions.Incarnations)
            definition = WithDoubles(definition);
        if ((format < FormatVersions.Incarnations && NeedsFormat2(definition))
            || (format < FormatVersions.JoinTime && NeedsFormat3(definition)))
            throw new InvalidOperationException($"the definition of {definition.Name} cannot be written in format {format}");

        // A program that does not know filters would join what they keep out: it must not be able to read them. So with
        // what keeps records out by their time.
        var version = VersionOf(definition);
        var entries = Entries(definition).Where(e => version >= FirstVersionOf(e.Key) && !IsUnset(e)).ToList();
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

    /// <summary>
    /// Whether a program that knows format 1 alone cannot join by this definition: it has a filter, or a condition that
    /// is new.
    /// </summary>
    internal static bool NeedsFormat2(JoinDefinition definition) =>
        definition.Left.Filter.Length + definition.Right.Filter.Length > 0
            || (definition.Where is { } where && ConditionForms.IsNew(where));

    /// <summary>
    /// Whether a program that knows formats 1 and 2 alone cannot join by this definition: it repairs rows,
    /// refuses times below a limit, or lets jumps of time wait.
    /// </summary>
    internal static bool NeedsFormat3(JoinDefinition definition) =>
        definition.Late == LatePolicy.Repair || definition.MinTimeMs is not null || definition.MaxJumpMs is not null;

    /// <summary>The definition with its numbers as version 1 reads them.</summary>
    internal static JoinDefinition WithDoubles(JoinDefinition definition) =>
        definition.Where is { } where && ConditionForms.HasDecimals(where)
            ? definition with { Where = ConditionForms.WithDoubles(where) }
            : definition;

    /// <summary>Whether version 1 says all of a definition.</summary>
    internal static bool IsOfVersion1(JoinDefinition definition) => VersionOf(definition) == FirstVersion;

    static byte VersionOf(JoinDefinition definition)
    {
        if (NeedsFormat3(definition))
            return TimeVersion;
        return NeedsFormat2(definition) || (definition.Where is { } where && ConditionForms.HasDecimals(where))
            ? FilterVersion
            : FirstVersion;
    }

    // What is newer than version 3 began to be, and not set, is not written.
    static bool IsUnset(KeyValuePair<string, string> entry) =>
        entry is { Key: MinTime, Value: "" } or { Key: MaxJump, Value: Unlimited };

    static byte FirstVersionOf(string name) => name is MinTime or MaxJump ? TimeVersion : IsFilter(name) ? FilterVersion : FirstVersion;

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
            return FromEntries(entries, version);
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or ArgumentException or WhereSyntaxException
            or OverflowException)
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
        if (d.Late == LatePolicy.Repair)
            Add("late.repair-for-ms", Text(d.RepairForMs));
        Add("attribution.credit", d.Credit.ToString());
        Add("attribution.max-collapsed", Text(d.MaxLefts));
        Add("max-out-of-orderness-ms", Text(d.MaxOutOfOrdernessMs));
        Add("idle.policy", d.Idle.ToString());
        Add("idle.timeout-ms", Text(d.IdleTimeoutMs));
        Add("max-drift-ms", Limit((long?)null)); // changes no result; the name stands in every journal
        Add("max-ahead-of-wall-clock-ms", Limit(d.MaxAheadOfWallClockMs));
        Add(MinTime, d.MinTimeMs is { } minTime ? Text(minTime) : "");
        Add(MaxJump, Limit(d.MaxJumpMs));
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

    static JoinDefinition FromEntries(Dictionary<string, string> entries, byte version)
    {
        var left = Source(entries, "left.");
        var right = Source(entries, "right.");
        return new JoinDefinition
        {
            Name = entries["name"],
            Type = Word<JoinType>(entries["type"]),
            BeforeMs = Number(entries["before-ms"]),
            AfterMs = Number(entries["after-ms"]),
            Where = Where(entries["where"], left, right, takesDoubles: version == FirstVersion),
            Late = Word<LatePolicy>(entries["late.policy"]),
            RepairForMs = RepairFor(entries),
            Credit = Word<Credit>(entries["attribution.credit"]),
            MaxLefts = checked((int)Number(entries["attribution.max-collapsed"])),
            MaxOutOfOrdernessMs = Number(entries["max-out-of-orderness-ms"]),
            Idle = Word<IdlePolicy>(entries["idle.policy"]),
            IdleTimeoutMs = Number(entries["idle.timeout-ms"]),
            MaxAheadOfWallClockMs = Limit(entries["max-ahead-of-wall-clock-ms"]),
            MinTimeMs = entries.GetValueOrDefault(MinTime, "") is { Length: > 0 } minTime ? Number(minTime) : null,
            MaxJumpMs = Limit(entries.GetValueOrDefault(MaxJump, Unlimited)),
            KeyGroups = checked((int)Number(entries["key-groups"])),
            KeyHash = entries["key-hash"],
            Left = left,
            Right = right,
        };
    }

    static long RepairFor(Dictionary<string, string> entries)
    {
        if (Word<LatePolicy>(entries["late.policy"]) != LatePolicy.Repair)
            return 0;
        var ms = Number(entries["late.repair-for-ms"]);
        return ms is > 0 and <= TimeLimits.Max ? ms : throw new FormatException($"late.repair-for-ms is {ms}");
    }

    static Condition? Where(string text, SourceDefinition left, SourceDefinition right, bool takesDoubles)
    {
        if (text.Length == 0)
            return null;
        var parsed = WhereParser.ParseCanonical(text, left.Fields, right.Fields, takesDoubles);
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
    static string Filter(string text) => text.Length == 0 ? "" : WhereParser.ParseCanonicalFilter(text).Text;

    static bool IsFilter(string name) => name.EndsWith('.' + FilterName, StringComparison.Ordinal);

    static string Limit(long? value) => value is { } limit ? Text(limit) : Unlimited;

    static long? Limit(string text) => text == Unlimited ? null : Number(text);

    // Enum.Parse takes numbers too, and lists.
    static T Word<T>(string text)
        where T : struct, Enum =>
        Enum.GetNames<T>().Contains(text) ? Enum.Parse<T>(text) : throw new FormatException($"'{text}' is no {typeof(T).Name}");

    static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    static long Number(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
