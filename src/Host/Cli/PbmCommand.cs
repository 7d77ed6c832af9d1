using System.CommandLine;
using AkkaJoin.Cockpit.Client;
using AkkaJoin.Cockpit.Prompt;
using AkkaJoin.Host.Running;
using AkkaJoin.Pipeline;

namespace AkkaJoin.Host.Cli;

/// <summary>
/// <c>akkajoin pbm [HOST:PORT] [PALETTE COMMAND ...]</c>: one command of a running node, or a prompt for them. The
/// grammar is that of Petabridge.Cmd.
/// </summary>
static class PbmCommand
{
    // A node samples for 10 s, and may have two others to answer before.
    const int TimeoutSeconds = 60;

    internal static Verb Create()
    {
        var node = new NodeOptions(timeoutSeconds: TimeoutSeconds);
        var json = CommonOptions.Json();
        var words = new Argument<string[]>("WORDS")
        {
            Description = $"[HOST:PORT] [PALETTE COMMAND ...]: a node's HTTP port ({NodeAddress.Standard} without it), and what it is "
                + "told. 'help' lists its commands; without a command: a prompt",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var verb = new Verb(
            "pbm",
            "Tells a running node commands: one, or those that are typed at a prompt, or come by standard input, a line each.",
            ["akkajoin pbm", "akkajoin pbm help", "akkajoin pbm 127.0.0.1:9110 cluster show", "akkajoin pbm cluster members --json"],
            ExitCodes.Good,
            ExitCodes.Failed,
            ExitCodes.Config) { words, json };
        node.AddTo(verb, withAddress: false);
        verb.SetAction(async (parsed, output, error, _) =>
        {
            var (address, command) = Read(parsed.GetValue(words) ?? []);
            using var client = node.Client(parsed, address);
            if (command.Length > 0)
                return await OneAsync(client, command, parsed.GetValue(json), output);
            var session = await PromptSession.OpenAsync(client, parsed.GetValue(json), output, default);
            return Console.IsInputRedirected
                ? await new PbmScript(session, error).RunAsync(Console.In)
                : await new PbmPrompt(session, error).RunAsync(address);
        });
        return verb;
    }

    /// <summary>The address, where the first word is one, and the command.</summary>
    /// <exception cref="UserException">The first word looks like an address and is none.</exception>
    internal static (NodeAddress Address, string[] Command) Read(string[] words)
    {
        // No palette has a colon.
        if (words.Length == 0 || !words[0].Contains(':', StringComparison.Ordinal))
            return (NodeAddress.Standard, words);
        return NodeAddress.Parse(words[0]) is { } address
            ? (address, words[1..])
            : throw new UserException($"HOST:PORT is an address such as {NodeAddress.Standard}; it is '{words[0]}'", ExitCodes.Usage);
    }

    static async Task<int> OneAsync(CockpitClient client, string[] command, bool isJson, TextWriter output)
    {
        using var signals = StopSignals.Listen();
        using var stopping = new CancellationTokenSource();
        _ = signals.Asked.ContinueWith(_ => stopping.Cancel(), TaskScheduler.Default);
        try
        {
            var session = await PromptSession.OpenAsync(client, isJson, output, stopping.Token);
            return await session.RunAsync(session.Parser.Parse(command), stopping.Token) ?? ExitCodes.Good;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw new UserException("stopped before the node answered", ExitCodes.Failed);
        }
    }
}
