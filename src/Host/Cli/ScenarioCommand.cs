using System.CommandLine;
using AkkaJoin.Host.Scenarios;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Cli;

/// <summary>
/// <c>akkajoin scenario FILE...</c>: unit tests for a join, without Kafka; with <c>-c FILE --join NAME</c> for the join
/// of a configuration.
/// </summary>
static class ScenarioCommand
{
    public static Verb Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Files with one case a line (JSON; docs/scenarios.md)",
            Arity = ArgumentArity.OneOrMore,
        };
        var results = new Option<string?>("--out")
        {
            HelpName = "RESULTS",
            Description = "Write the rows of each case that ran to this file, one JSON object a line",
        };
        var json = CommonOptions.Json();
        var config = new ConfigOptions();
        var join = new Option<string?>("--join")
        {
            HelpName = "NAME",
            Description = "Run this join of the configuration: raw records in, rows out. Needed where the configuration has several",
        };
        var verb = new Verb(
            "scenario",
            "Run the cases of scenario files through the real join, without Kafka, and say which differ from what they expect. "
            + "With -c the cases run a join of a configuration: its decoders, filters, where and row writer.",
            [
                "akkajoin scenario cases.jsonl",
                "akkajoin scenario cases.jsonl more.jsonl --out results.jsonl",
                "akkajoin scenario -c akkajoin.conf --join take-rate cases.jsonl",
            ],
            ExitCodes.Good,
            ExitCodes.Failed,
            ExitCodes.NotExact,
            ExitCodes.Config)
        {
            files,
            join,
            results,
            json,
        };
        foreach (var option in config.All)
            verb.Add(option);
        verb.SetAction((parsed, output, _, _) =>
        {
            var name = parsed.GetValue(join);
            var configured = name is not null || config.NamesFile(parsed)
                ? JoinChoice.Pick(config.Read(parsed).Load().Settings, name)
                : null;
            return Task.FromResult(
                Run(parsed.GetRequiredValue(files), configured, parsed.GetValue(results), parsed.GetValue(json), output));
        });
        return verb;
    }

    static int Run(string[] files, JoinSettings? configured, string? resultsFile, bool json, TextWriter output)
    {
        var results = ScenarioFiles.Run(files, configured);
        if (resultsFile is not null)
            ScenarioFiles.WriteResults(resultsFile, results);
        if (json)
            ScenarioReport.WriteJson(output, results);
        else
            ScenarioReport.WriteText(output, results);
        return results.All(result => result.IsGood) ? ExitCodes.Good : ExitCodes.NotExact;
    }
}
