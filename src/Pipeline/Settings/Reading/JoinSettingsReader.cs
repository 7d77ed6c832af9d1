using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Rows;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Reads <c>akkajoin.joins.NAME</c>.</summary>
static class JoinSettingsReader
{
    const int NameLengthMax = 100;

    // What a definition is made of; a journal may differ in it.
    static readonly string[] DefinitionKeys =
    [
        "type", "before", "after", "where", "late.policy", "attribution.credit", "attribution.max-collapsed", "max-out-of-orderness", "idle.policy",
        "idle.timeout", "key-groups", .. new[] { "left", "right" }.SelectMany(side => new[] { "topic", "key", "time", "id", "format", "filter" }.Select(key => $"{side}.{key}")),
    ];
    const int DriftMsMin = 1_000;

    // A chunk of a slow partition spans seconds of event time: holding them together more closely only costs.
    const int AutoDriftMsMin = 10_000;
    const string Later = "; the others come with a later release";

    /// <param name="name">The join's name.</param>
    /// <param name="section">The join over <c>akkajoin.join-defaults</c>.</param>
    /// <param name="flow">The join's flow.</param>
    public static JoinSettings Read(string name, Section section, FlowSettings flow)
    {
        CheckName(name, section);
        CheckLaterFeatures(section);
        var type = ReadType(section);
        var (before, after) = ReadWindow(section);
        var (lower, upper) = ReadBounds(section);
        var disorder = section.Duration("max-out-of-orderness", 0, TimeLimits.Max);
        var left = SourceSettingsReader.Read(section.Child("left"));
        var right = SourceSettingsReader.Read(section.Child("right"));
        var where = ReadWhere(section, left, right);
        var output = OutputSettingsReader.Read(section.Child("output"), type);
        CheckTopics(section, left, right, output);
        var join = new JoinSettings
        {
            Name = name,
            Type = type,
            BeforeMs = before,
            AfterMs = after,
            LowerInclusive = lower,
            UpperInclusive = upper,
            Left = left,
            Right = right,
            Where = where?.Condition,
            LeftFields = where?.LeftFields ?? [],
            RightFields = where?.RightFields ?? [],
            MaxOutOfOrdernessMs = disorder,
            MaxDriftMs = ReadMaxDrift(section, before + after + disorder),
            IdleTimeoutMs = section.Child("idle").Duration("timeout", 1, TimeLimits.Max),
            Late = section.Child("late").Choice("policy", ("join", LatePolicy.Join), ("drop", LatePolicy.Drop)),
            Credit = section.Child("attribution").Choice("credit", ("first", Credit.First), ("every", Credit.Every)),
            MaxCollapsed = section.Child("attribution").Number("max-collapsed", 1, 1_000_000),
            KeyGroups = section.Number("key-groups", 1, 4_096),
            GroupId = section.Value("group-id") is null ? $"akkajoin-{name}" : section.RequiredText("group-id"),
            StartAtEarliest = section.Choice("start", ("earliest", true), ("latest", false)),
            Output = output,
            Flow = flow,
            Origins = DefinitionKeys.Select(key => (key, Origin: section.OriginAt(key))).Where(o => o.Origin is not null).ToDictionary(o => o.key, o => o.Origin!),
        };
        CheckFormats(section, join);
        return join;
    }

    /// <summary>Makes what the formats name, so that check finds what would stop the join at its start.</summary>
    static void CheckFormats(Section section, JoinSettings join)
    {
        if (section.IsAnyRefused) return;
        Try(section.Child("left"), () => DecoderFactory.Create(join.Left, join.LeftFields));
        Try(section.Child("right"), () => DecoderFactory.Create(join.Right, join.RightFields));
        Try(section.Child("output"), () => RowWriterFactory.Create(join));
    }

    static void Try(Section section, Func<object> create)
    {
        try
        {
            create();
        }
        catch (UserException e)
        {
            section.Refuse("format", $"cannot be used: {e.Message}");
        }
    }

    static JoinType ReadType(Section section) => section.Choice(
        "type",
        ("inner", JoinType.Inner),
        ("left", JoinType.Left),
        ("right", JoinType.Right),
        ("full", JoinType.Full),
        ("attribution", JoinType.Attribution));

    static (bool Lower, bool Upper) ReadBounds(Section section) => section.Choice(
        "bounds",
        ("[]", (true, true)),
        ("[)", (true, false)),
        ("(]", (false, true)),
        ("()", (false, false)));

    /// <summary>
    /// The window as configured. Whether it is turned round is judged before an open bound makes it 1 ms narrower: with before = after = 0
    /// and an open bound it is empty, which is allowed and matches nothing.
    /// </summary>
    static (long Before, long After) ReadWindow(Section section)
    {
        var before = section.Duration("before", TimeLimits.Min, TimeLimits.Max);
        var after = section.Duration("after", TimeLimits.Min, TimeLimits.Max);
        if (!section.IsRefused("before") && !section.IsRefused("after") && before + after < 0)
        {
            section.Refuse(
                "after",
                $"makes the window end before it begins: before + after must be 0 or more; it is {Durations.Show(before + after)}");
        }

        return (before, after);
    }

    /// <summary>Auto keeps the state of a join that catches up within one and a half times what it holds when it is up to date: what is ahead adds to both sides.</summary>
    static long? ReadMaxDrift(Section section, long heldMs) => section.Text("max-drift") switch
    {
        "unlimited" => null,
        "auto" => Math.Max(heldMs / 4, AutoDriftMsMin),
        { } text when !Durations.TryParse(text, out _) => Refused(section, text),
        _ => section.Duration("max-drift", DriftMsMin, TimeLimits.Max),
    };

    static long? Refused(Section section, string text)
    {
        section.RefuseValue("max-drift", "must be auto, unlimited or a duration such as 10 m", text);
        return null;
    }

    static ParsedWhere? ReadWhere(Section section, SourceSettings left, SourceSettings right)
    {
        if (section.Text("where") is not { } text) return null;
        try
        {
            var where = WhereParser.Parse(text);
            CheckHasFields(section, left, where.LeftFields, "left");
            CheckHasFields(section, right, where.RightFields, "right");
            return where;
        }
        catch (WhereSyntaxException e)
        {
            section.Refuse("where", $"is no condition: {e.Message}, at character {e.Position + 1} of \"{text}\"");
            return null;
        }
    }

    static void CheckHasFields(Section section, SourceSettings source, IReadOnlyList<string> fields, string side)
    {
        if (source.Format == "raw" && fields.Count > 0)
            section.Refuse("where", $"names {side}.{fields[0]}, but the format of {side} is raw: its values have no fields");
    }

    /// <summary>Keys whose other values a later version acts upon. Accepting them silently would promise what does not happen.</summary>
    static void CheckLaterFeatures(Section section)
    {
        var idle = section.Child("idle");
        if (idle.Text("policy") is not "wait") idle.Refuse("policy", "can only be wait in this version" + Later);
        CheckUnlimited(section, "max-ahead-of-wall-clock");
    }

    static void CheckUnlimited(Section section, string key)
    {
        if (section.Text(key) is not { } text || text == "unlimited") return;
        if (Durations.TryParse(text, out _)) section.Refuse(key, "can only be unlimited in this version" + Later);
        else section.RefuseValue(key, "must be unlimited", text);
    }

    static void CheckName(string name, Section section)
    {
        var good = name.Length is > 0 and <= NameLengthMax && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
        if (!good) section.RefuseSelf($"is no join name: up to {NameLengthMax} letters, digits, '-', '_' and '.'");
    }

    /// <summary>A join that reads what it writes feeds itself for ever; two kinds of records in one topic cannot be told apart.</summary>
    static void CheckTopics(Section section, SourceSettings left, SourceSettings right, OutputSettings output)
    {
        var outputs = section.Child("output");
        (string Key, string Topic)[] written =
            [("topic", output.Topic), ("late-topic", output.LateTopic), ("dead-letter-topic", output.DeadLetterTopic)];
        for (var i = 0; i < written.Length; i++)
        {
            var (key, topic) = written[i];
            if (topic.Length == 0) continue;
            if (topic == left.Topic) outputs.RefuseValue(key, "must not be left.topic", topic);
            else if (topic == right.Topic) outputs.RefuseValue(key, "must not be right.topic", topic);
            for (var j = 0; j < i; j++)
            {
                if (topic == written[j].Topic) outputs.RefuseValue(key, $"must not be output.{written[j].Key}", topic);
            }
        }
    }
}
