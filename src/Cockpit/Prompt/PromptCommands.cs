using AkkaJoin.Cockpit.Commands;

namespace AkkaJoin.Cockpit.Prompt;

/// <summary>The words of the prompt that are no commands of a node, and the options that every command has.</summary>
static class PromptCommands
{
    internal const string Help = "help", Exit = "exit", Quit = "quit";

    internal const string Json = "json", Timeout = "timeout";

    /// <summary>The longest time-out, seconds.</summary>
    internal const int TimeoutSecondsMax = 3_600;

    /// <summary>The command that follows the members, and the one that it asks for.</summary>
    internal const string Cluster = "cluster", Tail = "tail", Members = "members";

    /// <summary>What every command takes.</summary>
    internal static IReadOnlyList<CommandParameter> Common { get; } =
    [
        new(Json, "Print the result as JSON") { IsFlag = true },
        new(Timeout, "How long to wait for the answer, seconds"),
    ];

    /// <summary>The commands of a node, and those that the prompt makes of them.</summary>
    internal static IReadOnlyList<CommandReport> With(IReadOnlyList<CommandReport> commands)
    {
        var members = commands.ToList().FindIndex(command => command.Is(Cluster, Members));
        return members < 0
            ? commands
            : [.. commands.Take(members + 1), Following(commands[members]), .. commands.Skip(members + 1)];
    }

    static CommandReport Following(CommandReport members) => new(
        Cluster, Tail, "Tells each change of the members, until Ctrl-C: asks for them every second", members.Right, []);
}
