using System.CommandLine;
using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Palettes;
using AkkaJoin.Cockpit.Prompt;

namespace AkkaJoin.Host.Cli;

/// <summary>
/// What can follow the words of a command line: verbs and options of the command line's own model, and below
/// <c>pbm</c> the commands of this release.
/// </summary>
/// <param name="Path">The words, without options and values; empty = none yet.</param>
/// <param name="Next">What can follow.</param>
sealed record CompletionWords(string Path, IReadOnlyList<string> Next)
{
    const string Pbm = "pbm";

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<CompletionWords> Of(RootCommand root)
    {
        var all = new List<CompletionWords> { new("", [.. root.Subcommands.Select(verb => verb.Name), .. NamesOf(root.Options)]) };
        var ofAll = root.Options.Where(option => option.Recursive).ToList();
        foreach (var verb in root.Subcommands)
        {
            var palettes = verb.Name == Pbm ? Palettes.Append(PromptCommands.Help) : [];
            all.Add(new CompletionWords(verb.Name, [.. palettes, .. NamesOf(verb.Options.Concat(ofAll))]));
        }

        all.Add(new CompletionWords($"{Pbm} {PromptCommands.Help}", [.. Palettes]));
        foreach (var palette in Palettes)
            all.AddRange(OfPalette(palette));
        return all;
    }

    static IEnumerable<string> Palettes => Commands.Select(command => command.Palette).Distinct();

    static IReadOnlyList<CommandReport> Commands => PromptCommands.With([.. CommandTable.All.Select(CommandReport.Of)]);

    static IEnumerable<CompletionWords> OfPalette(string palette)
    {
        var commands = Commands.Where(command => command.Palette == palette).ToList();
        var names = commands.Select(command => command.Name).ToList();
        yield return new CompletionWords($"{Pbm} {palette}", [.. names, PromptCommands.Help]);
        yield return new CompletionWords($"{Pbm} {PromptCommands.Help} {palette}", names);
        foreach (var command in commands)
        {
            var parameters = command.Parameters.Concat(PromptCommands.Common).ToList();
            yield return new CompletionWords(
                $"{Pbm} {palette} {command.Name}",
                [.. parameters.SelectMany(parameter => parameter.Words), .. parameters.Select(parameter => "--" + parameter.Name)]);
        }
    }

    static IEnumerable<string> NamesOf(IEnumerable<Option> options) => options.Where(option => !option.Hidden)
        .SelectMany(option => option.Aliases.Prepend(option.Name))
        .Where(name => name.StartsWith("--", StringComparison.Ordinal))
        .Distinct();
}
