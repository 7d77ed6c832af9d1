using System.CommandLine;
using System.Text.Json;
using AkkaJoin.Cockpit;
using AkkaJoin.Cockpit.Diagnosis;
using AkkaJoin.Cockpit.Palettes;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Host.Cli;

/// <summary>
/// <c>akkajoin explain [JOIN] [LEFT] [RIGHT]</c>: without records why a join gives nothing, else what happened to them.
/// It asks a node; with <c>--preview</c> it samples the topics of a configuration itself.
/// </summary>
sealed class ExplainCommand
{
    // A node samples for 10 s, and may have two others to answer before.
    const int TimeoutSeconds = 60;
    readonly ConfigOptions _config = new();
    readonly NodeOptions _node = new(isOption: true, TimeoutSeconds);
    readonly Argument<string?> _join = Text("JOIN", "The join; needed where there are several, or records are named");
    readonly Argument<string?> _left = Text("LEFT", "The left record: partition:offset, id=ID or a key");
    readonly Argument<string?> _right = Text("RIGHT", "The right record; without it: what happened to the left?");
    readonly Option<string?> _from = Time("--from", "Only records whose Kafka timestamp is not below it, such as 2026-11-29T08:00:00Z");
    readonly Option<string?> _to = Time("--to", "Only records before the first whose Kafka timestamp reaches it");
    readonly Option<bool> _json = CommonOptions.Json();
    readonly Option<bool> _preview = new("--preview")
    {
        Description = "Sample the topics of a configuration, without a node: before the first start, or while it is down",
    };

    public static Verb Create() => new ExplainCommand().CreateVerb();

    Verb CreateVerb()
    {
        var verb = new Verb(
            "explain",
            "Tells why a join gives nothing: the likeliest cause and the setting to change; or what happened to a record.",
            ["akkajoin explain --preview -c akkajoin.conf", "akkajoin explain orders", "akkajoin explain orders 0:4711 id=p-17 --json"],
            ExitCodes.Good,
            ExitCodes.Failed,
            ExitCodes.Config) { _join, _left, _right, _preview, _from, _to };
        foreach (var option in _config.All)
            verb.Add(option);
        _node.AddTo(verb);
        verb.Add(_json);
        verb.SetAction((parsed, output, _, stopping) =>
            parsed.GetValue(_preview) ? PreviewAsync(parsed, output, stopping) : AskAsync(parsed, output, stopping));
        return verb;
    }

    async Task<int> PreviewAsync(ParseResult parsed, TextWriter output, CancellationToken stopping)
    {
        if (parsed.GetValue(_left) is not null)
            throw new UserException("--preview samples whole topics; a record is asked for of a node, without --preview", ExitCodes.Usage);
        var limits = SampleLimits.Standard with
        {
            FromMs = SampleLimits.Time("--from", parsed.GetValue(_from)),
            ToMs = SampleLimits.Time("--to", parsed.GetValue(_to)),
        };
        var settings = _config.Read(parsed).Load().Settings;
        var join = JoinChoice.Pick(settings, parsed.GetValue(_join));
        var diagnosis = await DiagnosisRun.RunAsync(settings.Kafka, join, running: null, limits, stopping);
        if (parsed.GetValue(_json))
            await output.WriteLineAsync(JsonSerializer.Serialize(diagnosis, CockpitJson.Options));
        else
            DiagnosisText.Write(diagnosis, output);
        return ExitCodes.Good;
    }

    async Task<int> AskAsync(ParseResult parsed, TextWriter output, CancellationToken stopping)
    {
        // No join has such a name, and the node would say so alone.
        if (parsed.GetValue(_join) is { } first && first.AsSpan().ContainsAny(':', '='))
        {
            throw new UserException(
                $"'{first}' is a record; the name of the join comes first: akkajoin explain JOIN {first}", ExitCodes.Usage);
        }

        var name = parsed.GetValue(_left) is null ? "diagnose" : "explain";
        var command = CommandTable.Find("join", name)
            ?? throw new UserException($"this release has no command 'join {name}'", ExitCodes.Usage);
        var arguments = new Dictionary<string, string>();
        Add("join", parsed.GetValue(_join));
        Add("left", parsed.GetValue(_left));
        Add("right", parsed.GetValue(_right));
        Add("from", parsed.GetValue(_from));
        Add("to", parsed.GetValue(_to));
        using var client = _node.Client(parsed);
        var result = await client.RunAsync(command, arguments, stopping);
        if (!parsed.GetValue(_json))
            return command.Show(result, output);
        await output.WriteLineAsync(result.GetRawText());
        return command.ExitCode(result);

        void Add(string parameter, string? value)
        {
            if (value is not null)
                arguments[parameter] = value;
        }
    }

    static Argument<string?> Text(string name, string description) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => null,
    };

    static Option<string?> Time(string name, string description) => new(name) { Description = description, HelpName = "TIME" };
}
