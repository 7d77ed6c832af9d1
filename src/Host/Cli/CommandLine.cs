using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Memory;

namespace AkkaJoin.Host.Cli;

/// <summary>The command line: finds the verb, runs it, and turns mistakes into one line and an exit code.</summary>
static class CommandLine
{
    const string Program = "akkajoin";

    /// <summary>The verbs, in the order of the help. Add a verb here.</summary>
    public static IReadOnlyList<Func<Verb>> Verbs { get; } =
    [
        DemoCommand.Create, RunCommand.Create, ValidateCommand.Create, ChaosCommand.Create, ClusterCommand.Create, DefinitionCommand.Create,
        ScenarioCommand.Create, CheckCommand.Create, ExplainCommand.Create, PbmCommand.Create, PageCommand.Create, HealthCommand.Create,
        CompletionCommand.Create,
    ];

    /// <summary>The version of the program, such as 0.1.0.</summary>
    public static string Version { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Runs one command line.</summary>
    /// <param name="args">What the user typed after the program's name.</param>
    /// <param name="output">Results.</param>
    /// <param name="error">Mistakes and failures.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        try
        {
            var parsed = CreateRoot().Parse(WithoutHelp(args), new ParserConfiguration { ResponseFileTokenReplacer = null });

            // --help would hide that there is no such verb.
            var isUnknown = parsed.CommandResult.Command is RootCommand && parsed.UnmatchedTokens.Count > 0;
            if (isUnknown || parsed.Action is ParseErrorAction) return await ReportUsageAsync(parsed, error);
            var invocation = new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(invocation);
        }
        catch (UserException e)
        {
            await error.WriteLineAsync($"{Program}: {e.Message}");
            return e.ExitCode;
        }
        catch (Exception e) when (e is KafkaStopException or JournalException or StateException or Confluent.Kafka.KafkaException)
        {
            await error.WriteLineAsync($"{Program}: {e.Message}");
            return ExitCodes.Failed;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            await error.WriteLineAsync($"{Program}: a defect of the program, please report it: {e}");
            return ExitCodes.Failed;
        }
    }

    /// <summary>The whole command line, with all verbs and their options.</summary>
    internal static RootCommand CreateRoot()
    {
        var root = new RootCommand("Joins two Kafka topics as a stream: exact, durable, by key within a time interval.");
        foreach (var create in Verbs) root.Add(create());
        foreach (var option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction help } helpOption) helpOption.Action = new VerbHelp(help);
            if (option is VersionOption version) version.Action = new PrintVersion();
        }

        return root;
    }

    // "help check" is "check --help", as in many programs.
    static IReadOnlyList<string> WithoutHelp(IReadOnlyList<string> args) => args is ["help", ..]
        ? [.. args.Skip(1).TakeWhile(word => !word.StartsWith('-')), "--help"]
        : args;

    static async Task<int> ReportUsageAsync(ParseResult parsed, TextWriter error)
    {
        var verb = parsed.CommandResult.Command is Verb named ? $" {named.Name}" : "";
        await error.WriteLineAsync($"{Program}: {UsageMessage(parsed)}");
        await error.WriteLineAsync($"Try '{Program}{verb} --help'.");
        return ExitCodes.Usage;
    }

    static string UsageMessage(ParseResult parsed)
    {
        if (parsed.CommandResult.Command is RootCommand root)
        {
            var verbs = string.Join(", ", root.Subcommands.Select(command => command.Name));
            var unknown = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
            if (unknown is null) return $"a verb is missing: {verbs}";
            var nearest = NearestWord.Find(unknown, root.Subcommands.Select(command => command.Name));
            var meant = nearest is null ? "" : $"; did you mean '{nearest}'?";
            return $"unknown {(unknown.StartsWith('-') ? "option" : "verb")} '{unknown}'{meant}; verbs are {verbs}";
        }

        return parsed.UnmatchedTokens.Count > 0
            ? $"unknown option or argument '{parsed.UnmatchedTokens[0]}'"
            : string.Join(' ', parsed.Errors.Select(problem => problem.Message).Take(1)).TrimEnd('.');
    }
}

/// <summary>
/// Prints the version of this assembly; that of the entry assembly would be another one where the program is embedded.
/// </summary>
sealed class PrintVersion : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(CommandLine.Version);
        return ExitCodes.Good;
    }
}
