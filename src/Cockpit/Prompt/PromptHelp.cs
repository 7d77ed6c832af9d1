using AkkaJoin.Cockpit.Commands;

namespace AkkaJoin.Cockpit.Prompt;

/// <summary>Help, made of the declarations.</summary>
static class PromptHelp
{
    const int NameWidthMin = 16;

    /// <summary>Writes the help that a line asks for.</summary>
    internal static void Write(HelpLine line, CommandParser parser, TextWriter output)
    {
        if (line.Palette is not { } palette)
            WriteAll(parser, output);
        else if (line.Name is not { } name)
            WritePalette(parser, palette, output);
        else
            WriteCommand(parser.Commands.First(command => command.Is(palette, name)), output);
    }

    /// <summary>How a command is typed, such as <c>cluster down ADDRESS</c>.</summary>
    internal static string Usage(CommandReport command) =>
        string.Join(' ', new[] { command.Palette, command.Name, Arguments(command) }.Where(part => part.Length > 0));

    /// <summary>A command's arguments as they are typed.</summary>
    internal static string Arguments(CommandReport command) => string.Join(' ', command.Parameters.Select(Form));

    static void WriteAll(CommandParser parser, TextWriter output)
    {
        foreach (var palette in parser.Palettes)
        {
            WritePalette(parser, palette, output);
            output.WriteLine();
        }

        output.WriteLine("help PALETTE, help PALETTE COMMAND: more of it. exit or Ctrl-D: the end. Tab completes.");
    }

    static void WritePalette(CommandParser parser, string palette, TextWriter output)
    {
        output.WriteLine(palette);
        var commands = parser.Of(palette);
        var width = Math.Max(NameWidthMin, commands.Max(command => command.Name.Length + 2));
        foreach (var command in commands)
            output.WriteLine($"  {command.Name.PadRight(width)}{command.Help}{Needs(command)}");
    }

    static void WriteCommand(CommandReport command, TextWriter output)
    {
        output.WriteLine(Usage(command));
        output.WriteLine($"  {command.Help}.");
        output.WriteLine($"  Needs the right {Word(command.Right)}.");
        IReadOnlyList<CommandParameter> parameters = [.. command.Parameters, .. PromptCommands.Common];
        var width = Math.Max(NameWidthMin, parameters.Max(parameter => Name(parameter).Length + 2));
        foreach (var parameter in parameters)
            output.WriteLine($"  {Name(parameter).PadRight(width)}{parameter.Help}{OneOf(parameter)}");
    }

    static string Form(CommandParameter parameter)
    {
        var form = parameter.IsPositional || parameter.IsFlag ? Name(parameter) : $"{Name(parameter)} {Value(parameter)}";
        return parameter.IsRequired ? form : $"[{form}]";
    }

    static string Name(CommandParameter parameter) => parameter.IsPositional ? Value(parameter) : $"--{parameter.Name}";

    static string Value(CommandParameter parameter) => parameter.Name.ToUpperInvariant();

    static string OneOf(CommandParameter parameter) => parameter.Words.Count == 0 ? "" : $": {string.Join(", ", parameter.Words)}";

    static string Needs(CommandReport command) => command.Right == Right.State ? "" : $" ({Word(command.Right)})";

    /// <summary>A right as it is written.</summary>
    internal static string Word(Right right) => right.ToString().ToLowerInvariant();
}
