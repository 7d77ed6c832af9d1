using AkkaJoin.Cockpit.Palettes;

namespace AkkaJoin.Host.Cli;

/// <summary>
/// <c>akkajoin cluster [HOST:PORT]</c>: the members, and where each key group lives and how it is, as a running node
/// answers. The same as <c>akkajoin pbm HOST:PORT cluster show</c>.
/// </summary>
static class ClusterCommand
{
    public static Verb Create()
    {
        var node = new NodeOptions();
        var json = CommonOptions.Json();
        var verb = new Verb(
            "cluster",
            "Asks a running node for the members of its cluster, and where each key group lives and how it is.",
            ["akkajoin cluster", $"akkajoin cluster {Cockpit.Client.NodeAddress.Standard} --json"],
            ExitCodes.Good,
            ExitCodes.Failed) { json };
        node.AddTo(verb);
        verb.SetAction(async (parsed, output, _, stopping) =>
        {
            var command = CommandTable.Find("cluster", "show")!;
            using var client = node.Client(parsed);
            var result = await client.RunAsync(command, new Dictionary<string, string>(), stopping);
            if (!parsed.GetValue(json))
                return command.Show(result, output);
            await output.WriteLineAsync(result.GetRawText());
            return command.ExitCode(result);
        });
        return verb;
    }
}
