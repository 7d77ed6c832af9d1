using System.CommandLine;
using AkkaJoin.Host.Scenarios;

namespace AkkaJoin.Host.Cli;

/// <summary><c>akkajoin scenario FILE...</c>: unit tests for a join definition, without Kafka.</summary>
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
        var verb = new Verb(
            "scenario",
            "Run the cases of scenario files through the real join, without Kafka, and say which differ from what they expect.",
            ["akkajoin scenario cases.jsonl", "akkajoin scenario cases.jsonl more.jsonl --out results.jsonl"],
            ExitCodes.Good,
            ExitCodes.Failed,
            ExitCodes.NotExact)
        {
            files,
            results,
            json,
        };
        verb.SetAction((parsed, output, _, _) => Task.FromResult(Run(
            parsed.GetRequiredValue(files), parsed.GetValue(results), parsed.GetValue(json), output)));
        return verb;
    }

    static int Run(string[] files, string? resultsFile, bool json, TextWriter output)
    {
        var results = ScenarioFiles.Run(files);
        if (resultsFile is not null)
            ScenarioFiles.WriteResults(resultsFile, results);
        if (json)
            ScenarioReport.WriteJson(output, results);
        else
            ScenarioReport.WriteText(output, results);
        return results.All(result => result.IsGood) ? ExitCodes.Good : ExitCodes.NotExact;
    }
}
