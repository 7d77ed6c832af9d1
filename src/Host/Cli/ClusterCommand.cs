using System.CommandLine;
using System.Text.Json;
using AkkaJoin.Host.Administration;
using AkkaJoin.Host.Administration.Reports;

namespace AkkaJoin.Host.Cli;

/// <summary><c>akkajoin cluster [HOST:PORT]</c>: the members, and where each key group lives and how it is, as a running node answers.</summary>
static class ClusterCommand
{
    const int TimeoutSeconds = 15;

    public static Verb Create()
    {
        var place = new Argument<AdminPlace>("HOST:PORT")
        {
            Description = "The administration port of a node on this machine",
            DefaultValueFactory = _ => AdminPlace.Standard,
            CustomParser = argument =>
            {
                var text = argument.Tokens[0].Value;
                if (AdminPlace.Parse(text) is { } parsed)
                    return parsed;
                argument.AddError($"HOST:PORT is an address such as {AdminPlace.Standard}; it is '{text}'");
                return AdminPlace.Standard;
            },
        };
        var json = CommonOptions.Json();
        var timeout = CommonOptions.Number("--timeout", "SECONDS", "How long to wait for the answer", TimeoutSeconds);
        timeout.Validators.Add(given =>
        {
            if (given.Tokens is [var token] && int.TryParse(token.Value, out var seconds) && seconds is < 1 or > 3_600)
                given.AddError($"--timeout must be 1 to 3600 seconds; it is '{token.Value}'");
        });
        var verb = new Verb(
            "cluster",
            "Asks a running node for the members of its cluster, and where each key group lives and how it is.",
            ["akkajoin cluster", $"akkajoin cluster {AdminPlace.Standard} --json"],
            ExitCodes.Good,
            ExitCodes.Failed) { place, json, timeout };
        verb.SetAction((parsed, output, _, stopping) => RunAsync(
            parsed.GetValue(place)!, TimeSpan.FromSeconds(parsed.GetValue(timeout)), parsed.GetValue(json), output, stopping));
        return verb;
    }

    static async Task<int> RunAsync(AdminPlace place, TimeSpan timeout, bool json, TextWriter output, CancellationToken stopping)
    {
        var result = await AdminClient.AskAsync(place, new { query = "cluster" }, timeout, stopping);
        if (json)
            await output.WriteLineAsync(result.GetRawText());
        else
            ClusterText.Write(result.Deserialize<ClusterReport>(AdminProtocol.Json)!, output);
        return ExitCodes.Good;
    }
}
