using System.Globalization;
using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Prompt;

/// <summary>
/// Understands a line of the prompt by the declarations of a node's commands. Arguments stand in their order, or as
/// <c>--name value</c> or <c>--name=value</c>; a flag has no value; after <c>--</c> nothing is an option. Where there
/// are fewer words than positional arguments, those that a command needs get theirs first: <c>join key 42</c> names the
/// key and leaves out the join.
/// </summary>
/// <param name="commands">The commands.</param>
sealed class CommandParser(IReadOnlyList<CommandReport> commands)
{
    /// <summary>The commands.</summary>
    internal IReadOnlyList<CommandReport> Commands => commands;

    /// <summary>The names of the palettes, in the order of the help.</summary>
    internal IReadOnlyList<string> Palettes { get; } = [.. commands.Select(command => command.Palette).Distinct()];

    /// <summary>Understands a line.</summary>
    /// <exception cref="CommandException">
    /// It cannot be understood; the message says what is meant most likely.
    /// </exception>
    internal PromptLine Parse(string line) =>
        line.AsSpan().TrimStart() is ['#', ..] ? new EmptyLine() : Parse(CommandWords.Split(line));

    /// <inheritdoc cref="Parse(string)"/>
    internal PromptLine Parse(string[] words)
    {
        switch (words)
        {
            case []:
                return new EmptyLine();
            case [PromptCommands.Exit or PromptCommands.Quit]:
                return new ExitLine();
            case [PromptCommands.Help or "--help", .. var about]:
                return HelpOf(about);
            case [var palette, PromptCommands.Help or "--help", .. var about]:
                return HelpOf([palette, .. about]);
            case [var palette]:
                return HelpOf([palette]);
            case [.. var command, "--help"]:
                return HelpOf(command[..Math.Min(2, command.Length)]);
            default:
                return CallOf(Find(words[0], words[1]), words[2..]);
        }
    }

    /// <summary>The commands of a palette.</summary>
    internal IReadOnlyList<CommandReport> Of(string palette) => [.. commands.Where(command => command.Palette == palette)];

    HelpLine HelpOf(string[] about)
    {
        if (about.Length > 2)
            throw new CommandException("help is of a palette, or of one command: help cluster show");
        if (about.Length > 0)
            CheckPalette(about[0]);
        if (about.Length > 1)
            Find(about[0], about[1]);
        return new HelpLine(about.ElementAtOrDefault(0), about.ElementAtOrDefault(1));
    }

    CommandReport Find(string palette, string name)
    {
        CheckPalette(palette);
        return commands.FirstOrDefault(command => command.Is(palette, name))
            ?? throw Unknown($"'{palette}' has no command '{name}'", name, [.. Of(palette).Select(command => command.Name)]);
    }

    void CheckPalette(string palette)
    {
        if (!Palettes.Contains(palette))
            throw Unknown($"there is no palette '{palette}'", palette, [.. Palettes, PromptCommands.Help, PromptCommands.Exit]);
    }

    static CommandLineCall CallOf(CommandReport command, IReadOnlyList<string> words)
    {
        var given = new GivenArguments(command);
        given.Read(words);
        var arguments = given.ByName;
        var isJson = arguments.Remove(PromptCommands.Json);
        var timeout = arguments.Remove(PromptCommands.Timeout, out var text) ? Seconds(text) : (TimeSpan?)null;
        return new CommandLineCall(command, arguments) { IsJson = isJson, Timeout = timeout };
    }

    static TimeSpan Seconds(string text)
    {
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds);
        return isNumber && seconds is >= 1 and <= PromptCommands.TimeoutSecondsMax
            ? TimeSpan.FromSeconds(seconds)
            : throw new CommandException($"--timeout must be 1 to {PromptCommands.TimeoutSecondsMax} seconds; it is '{text}'");
    }

    /// <summary>A mistake that names the nearest word, or all where none is near.</summary>
    internal static CommandException Unknown(string problem, string word, IReadOnlyCollection<string> known) =>
        new(NearestWord.Find(word, known) is { } nearest
            ? $"{problem}; did you mean '{nearest}'?"
            : $"{problem}: {(known.Count == 0 ? "it has none" : string.Join(", ", known))}");
}
