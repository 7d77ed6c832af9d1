using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using AkkaJoin.Cockpit;
using AkkaJoin.Cockpit.Client;
using AkkaJoin.Cockpit.Web;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Host.Cli;

/// <summary>
/// <c>akkajoin page [HOST:PORT]</c>: the address of a node's page with a code that logs its reader in, once and within
/// 60 s, with the rights of the token that was shown. The code stands in the fragment, which browsers do not send.
/// </summary>
static class PageCommand
{
    internal static Verb Create()
    {
        var node = new NodeOptions();
        var open = new Option<bool>("--open") { Description = "Open it in a browser too, where the desktop has xdg-open" };
        var json = CommonOptions.Json();
        var verb = new Verb(
            "page",
            "Prints the address of a running node's page, with a code that logs you in: once, within 60 s.",
            ["akkajoin page", $"akkajoin page {NodeAddress.Standard} --open"],
            ExitCodes.Good,
            ExitCodes.Failed,
            ExitCodes.Config) { open, json };
        node.AddTo(verb);
        verb.SetAction(async (parsed, output, error, stopping) =>
        {
            using var client = node.Client(parsed);

            // The right decides whether the client shows the user's token: the page gets all that the user has.
            var answer = await client.PostAsync(CockpitEndpoints.Root + "/page/code", AdminRight.Act, new { }, stopping);
            var code = answer.Deserialize<CodeReport>(CockpitJson.Options)
                ?? throw new UserException("the node gave no code", ExitCodes.Failed);
            var address = Address(node.Address(parsed), code.Code);
            await output.WriteLineAsync(parsed.GetValue(json)
                ? JsonSerializer.Serialize(new { address, seconds = code.Seconds }, CockpitJson.Options)
                : address);
            if (parsed.GetValue(open) && !TryOpen(address))
                await error.WriteLineAsync("akkajoin: there is no xdg-open here: open the address yourself");
            return ExitCodes.Good;
        });
        return verb;
    }

    static string Address(NodeAddress node, string code) => $"{node.Uri}#code={code}";

    static bool TryOpen(string address)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo("xdg-open", [address]) { UseShellExecute = false });
            return browser is not null;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
