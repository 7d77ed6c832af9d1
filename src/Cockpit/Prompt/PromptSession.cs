using System.Text.Json;
using AkkaJoin.Cockpit.Client;
using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Palettes;
using AkkaJoin.Cockpit.Reports;

namespace AkkaJoin.Cockpit.Prompt;

/// <summary>
/// Carries out the lines of a prompt on one node. What the node can be told is asked once. Results of commands that
/// this program knows are shown for people; those of others as JSON.
/// </summary>
sealed class PromptSession
{
    static readonly JsonSerializerOptions Indented = new(CockpitJson.Options) { WriteIndented = true };
    readonly CockpitClient _client;
    readonly bool _isJson;
    readonly TextWriter _output;

    PromptSession(CockpitClient client, CommandListing listing, bool isJson, TextWriter output)
    {
        _client = client;
        _isJson = isJson;
        _output = output;
        Joins = listing.Joins;
        Parser = new CommandParser(PromptCommands.With(listing.Commands));
    }

    /// <summary>Understands the lines.</summary>
    internal CommandParser Parser { get; }

    /// <summary>The joins of the node.</summary>
    internal IReadOnlyList<string> Joins { get; }

    /// <summary>Asks a node what it can be told.</summary>
    /// <param name="client">The node.</param>
    /// <param name="isJson">Whether all results are shown as JSON.</param>
    /// <param name="output">Takes the results.</param>
    /// <param name="stopping">Gives up.</param>
    /// <exception cref="Pipeline.UserException">It does not answer.</exception>
    internal static async Task<PromptSession> OpenAsync(
        CockpitClient client, bool isJson, TextWriter output, CancellationToken stopping) =>
        new(client, await client.ListingAsync(stopping), isJson, output);

    /// <summary>Carries out what a line asks for.</summary>
    /// <param name="line">The line.</param>
    /// <param name="stopping">Gives up.</param>
    /// <returns>The exit code; null = the prompt ends.</returns>
    /// <exception cref="Pipeline.UserException">The node refuses, or does not answer.</exception>
    internal async Task<int?> RunAsync(PromptLine line, CancellationToken stopping)
    {
        switch (line)
        {
            case ExitLine:
                return null;
            case HelpLine help:
                PromptHelp.Write(help, Parser, _output);
                return 0;
            case CommandLineCall call when call.Command.Is(PromptCommands.Cluster, PromptCommands.Tail):
                return await TailAsync(call, stopping);
            case CommandLineCall call:
                return await RunAsync(call, stopping);
            default:
                return 0;
        }
    }

    async Task<int> RunAsync(CommandLineCall call, CancellationToken stopping)
    {
        var result = await _client.RunAsync(call.Command, call.Arguments, stopping, call.Timeout);
        var known = CommandTable.Find(call.Command.Palette, call.Command.Name);
        try
        {
            if (known is not null && !IsJson(call))
                return known.Show(result, _output);
            await _output.WriteLineAsync(IsJson(call) ? result.GetRawText() : JsonSerializer.Serialize(result, Indented));
            return known?.ExitCode(result) ?? 0;
        }
        catch (JsonException)
        {
            // The node is of a release whose result has another form.
            await _output.WriteLineAsync(JsonSerializer.Serialize(result, Indented));
            return 0;
        }
    }

    async Task<int> TailAsync(CommandLineCall call, CancellationToken stopping)
    {
        var members = Parser.Commands.First(command => command.Is(PromptCommands.Cluster, PromptCommands.Members));
        var tail = new MembershipTail(
            async () =>
            {
                var result = await _client.RunAsync(members, call.Arguments, stopping, call.Timeout);
                return result.Deserialize<MembersReport>(CockpitJson.Options)!.Members;
            },
            IsJson(call),
            _output,
            TimeProvider.System);
        await tail.RunAsync(stopping);
        return 0;
    }

    bool IsJson(CommandLineCall call) => _isJson || call.IsJson;
}
