using System.CommandLine;
using System.Text.Json;
using AkkaJoin.Cockpit;
using AkkaJoin.Cockpit.Client;
using AkkaJoin.Cockpit.Text;

namespace AkkaJoin.Host.Cli;

/// <summary>
/// <c>akkajoin health [HOST:PORT]</c>: whether one node is well, in one line and by the exit code, for the health check
/// of a container. <c>akkajoin cluster</c> tells of the key groups of all nodes instead.
/// </summary>
static class HealthCommand
{
    // Docker gives a health check so long where the file says nothing less; each check of the node has 3 s.
    const int TimeoutSeconds = 8;

    internal static Verb Create()
    {
        var node = new NodeOptions(timeoutSeconds: TimeoutSeconds);
        var json = CommonOptions.Json();
        var ready = new Option<bool>("--ready")
        {
            Description = "Also ask whether it can do its part: member, journal, broker, joins and its key groups",
        };
        var verb = new Verb(
            "health",
            "Asks a running node whether it is well; one line says what is wrong.",
            ["akkajoin health", $"akkajoin health {NodeAddress.Standard} --ready"],
            ExitCodes.Good,
            ExitCodes.Failed) { ready, json };
        node.AddTo(verb);
        verb.SetAction(async (parsed, output, _, stopping) =>
        {
            using var client = node.Client(parsed);
            var report = await client.HealthAsync(parsed.GetValue(ready), stopping);
            var isJson = parsed.GetValue(json);
            await output.WriteLineAsync(isJson ? JsonSerializer.Serialize(report, CockpitJson.Options) : HealthText.Of(report));
            return report.IsWell ? ExitCodes.Good : ExitCodes.Failed;
        });
        return verb;
    }
}
