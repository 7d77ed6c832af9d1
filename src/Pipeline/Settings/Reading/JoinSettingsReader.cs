using System.Text;
using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Rows;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Flow;

namespace AkkaJoin.Pipeline.Settings.Reading;

/// <summary>Reads <c>akkajoin.joins.NAME</c>.</summary>
static class JoinSettingsReader
{
    const int NameLengthMax = 100;
    const string MaxAhead = "max-ahead-of-wall-clock", MinTime = "min-time", MaxJump = "max-jump", Unlimited = "unlimited";

    // The keys that make the definition: a journal may have other values of them.
    static readonly string[] DefinitionKeys =
    [
        "type", "before", "after", "where", "late.policy", "late.repair-for", "attribution.credit", "attribution.max-lefts",
        "max-out-of-orderness", MaxAhead, MinTime, MaxJump, "idle.policy", "idle.timeout", "key-groups",
        .. new[] { "left", "right" }.SelectMany(
            side => new[] { "topic", "key", "time", "id", "format", "filter" }.Select(key => $"{side}.{key}")),
    ];
    const int DriftMsMin = 1_000;

    // A record chunk of a slow partition spans seconds of event time. A tighter alignment would only cost.
    const int AutoDriftMsMin = 10_000;

    /// <param name="name">The join's name.</param>
    /// <param name="section">The join over <c>akkajoin.join-defaults</c>.</param>
    /// <param name="flow">The join's flow.</param>
    /// <param name="services">Help to make decoders and row writers; null = no application does.</param>
    public static JoinSettings Read(string name, Section section, FlowSettings flow, IServiceProvider? services)
    {
        CheckName(name, section);
        var type = ReadType(section);
        var (before, after) = ReadWindow(section);
        var (lower, upper) = ReadBounds(section);
        var disorder = section.Duration("max-out-of-orderness", 0, TimeLimits.Max);
        var left = SourceSettingsReader.Read(section.Child("left"), services);
        var right = SourceSettingsReader.Read(section.Child("right"), services);
        var where = ReadWhere(section, left, right);
        var output = OutputSettingsReader.Read(section.Child("output"), type, services);
        CheckTopics(section, left, right, output);
        var late = ReadLate(section.Child("late"));
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
            MaxAheadOfWallClockMs = ReadUnlimited(section, MaxAhead, 0),
            SetsMaxAhead = section.IsSetByUser(MaxAhead),
            MinTimeMs = ReadMinTime(section),
            MaxJumpMs = ReadUnlimited(section, MaxJump, 1_000),
            RecordsPerSecondMax =
                section.Text("max-rate") == "unlimited" ? 0 : section.Number("max-rate", 1, (int)FlowOrder.RateMax),
            Idle = section.Child("idle").Choice(
                "policy", ("wall-clock", IdlePolicy.WallClock), ("exclude", IdlePolicy.Exclude), ("wait", IdlePolicy.Wait)),
            SetsIdlePolicy = section.Child("idle").IsSetByUser("policy"),
            IdleTimeoutMs = section.Child("idle").Duration("timeout", 1, TimeLimits.Max),
            Late = late.Policy,
            RepairForMs = late.RepairForMs,
            Credit = section.Child("attribution").Choice("credit", ("first", Credit.First), ("every", Credit.Every)),
            MaxLefts = section.Child("attribution").Number("max-lefts", 1, 1_000_000),
            KeyGroups = section.Number("key-groups", 1, 4_096),
            GroupId = section.Value("group-id") is null ? $"akkajoin-{name}" : section.RequiredText("group-id"),
            StartAtEarliest = section.Choice("start", ("earliest", true), ("latest", false)),
            Output = output,
            Flow = flow,
            Origins = DefinitionKeys.Select(key => (key, Origin: section.OriginAt(key))).Where(o => o.Origin is not null)
                .ToDictionary(o => o.key, o => o.Origin!),
        };
        CheckFormats(section, join);
        return join;
    }

    /// <summary>
    /// Creates the decoders and the row writer, so that check finds a format that would stop the join at its start.
    /// </summary>
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
    /// The window as configured. It must not end before it begins. An open bound, which makes it 1 ms narrower, does
    /// not count here: with before = after = 0 and an open bound the window is empty, which is allowed and matches
    /// nothing.
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

    /// <summary>The late policy, and how long it repairs.</summary>
    static (LatePolicy Policy, long RepairForMs) ReadLate(Section section)
    {
        var policy = section.Choice(
            "policy", ("join", LatePolicy.Join), ("drop", LatePolicy.Drop), ("repair", LatePolicy.Repair));
        var isThere = section.Value("repair-for") is not null;
        var ms = isThere ? section.Duration("repair-for", 1, TimeLimits.Max) : 0;
        if (policy != LatePolicy.Repair) return (policy, 0);
        if (!isThere)
            section.Refuse("repair-for", "is missing: late.policy = repair needs the time for which rows are repaired, such as 1h");
        return (policy, ms);
    }

    /// <summary>
    /// Auto limits the state of a join that catches up to one and a half times its state when it is up to date: a side
    /// that runs ahead adds to both sides.
    /// </summary>
    static long? ReadMaxDrift(Section section, long bufferedMs) => section.Text("max-drift") switch
    {
        Unlimited => null,
        "auto" => Math.Max(bufferedMs / 4, AutoDriftMsMin),
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

    /// <summary>A duration in ms, or null for unlimited.</summary>
    static long? ReadUnlimited(Section section, string key, long min)
    {
        if (section.Text(key) is not { } text || text == Unlimited) return null;
        if (Durations.TryParse(text, out _)) return section.Duration(key, min, TimeLimits.Max);
        section.RefuseValue(key, "must be unlimited or a duration such as 1 h", text);
        return null;
    }

    static long? ReadMinTime(Section section)
    {
        if (section.Text(MinTime) is not { } text) return null;
        if (EventTime.TryParse(TimeFormat.Iso8601, Encoding.UTF8.GetBytes(text), out var time)) return time;
        section.RefuseValue(MinTime, "must be a date and time such as 2020-01-01T00:00:00Z, or a date", text);
        return null;
    }

    static void CheckName(string name, Section section)
    {
        var good = name.Length is > 0 and <= NameLengthMax && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
        if (!good) section.RefuseSelf($"is no join name: up to {NameLengthMax} letters, digits, '-', '_' and '.'");
    }

    /// <summary>
    /// A join that reads its own output would feed itself for ever, and nobody could tell two kinds of records in one
    /// topic apart.
    /// </summary>
    static void CheckTopics(Section section, SourceSettings left, SourceSettings right, OutputSettings output)
    {
        var outputs = section.Child("output");
        if (left.Topic == right.Topic && left.IsFromSource != right.IsFromSource)
            section.Child("right").Refuse("from", "must be what left.from is where both sides read the same topic");
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
