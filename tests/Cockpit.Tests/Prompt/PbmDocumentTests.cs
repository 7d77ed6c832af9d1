using System.Runtime.CompilerServices;
using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Palettes;
using AkkaJoin.Cockpit.Prompt;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Prompt;

/// <summary>docs/pbm.md and the declarations of the commands say the same.</summary>
public sealed class PbmDocumentTests
{
    const string Start = "<!-- commands: made by PbmDocumentTests -->\n", End = "<!-- commands end -->";

    static readonly IReadOnlyList<CommandReport> Commands = PromptCommands.With([.. CommandTable.All.Select(CommandReport.Of)]);

    /// <summary>
    /// After a change of a declaration: AKKAJOIN_WRITE_DOCS=1 dotnet test tests/Cockpit.Tests --filter PbmDocumentTests
    /// writes them.
    /// </summary>
    [Fact]
    public void The_tables_of_the_document_are_made_of_the_declarations()
    {
        var document = File.ReadAllText(DocumentPath());
        var before = document[..(document.IndexOf(Start, StringComparison.Ordinal) + Start.Length)];
        var after = document[document.IndexOf(End, StringComparison.Ordinal)..];
        var renewed = before + string.Concat(Commands.GroupBy(command => command.Palette).Select(Table)) + "\n" + after;
        if (Environment.GetEnvironmentVariable("AKKAJOIN_WRITE_DOCS") is { Length: > 0 })
            File.WriteAllText(DocumentPath(), renewed);
        else
            Assert.Equal(renewed.Split('\n'), document.Split('\n'));
    }

    [Fact]
    public void Commands_and_arguments_are_named_and_helped_alike()
    {
        Assert.Equal(CommandTable.All.Count, CommandTable.All.Select(command => (command.Palette, command.Name)).Distinct().Count());
        Assert.All(Commands, command =>
        {
            Assert.Matches("^[a-z]+(-[a-z]+)*$", command.Palette);
            Assert.Matches("^[a-z]+(-[a-z]+)*$", command.Name);
            AssertOneLine(command.Help);
            Assert.Equal(command.Parameters.Count, command.Parameters.Select(parameter => parameter.Name).Distinct().Count());
            Assert.DoesNotContain(command.Parameters, parameter => PromptCommands.Common.Any(common => common.Name == parameter.Name));
        });
        Assert.All(Commands.SelectMany(command => command.Parameters), parameter =>
        {
            Assert.Matches("^[a-z]+(-[a-z]+)*$", parameter.Name);
            AssertOneLine(parameter.Help);
            Assert.All(parameter.Words, word => Assert.Matches("^[a-zA-Z0-9-]+$", word));
        });
    }

    static void AssertOneLine(string help)
    {
        Assert.DoesNotContain('\n', help);
        Assert.False(help.EndsWith('.'), help);
        Assert.True(char.IsUpper(help[0]) || help.StartsWith("--", StringComparison.Ordinal), help);
    }

    static string Table(IGrouping<string, CommandReport> palette) =>
        $"\n### {palette.Key}\n\n| command | needs | what it does |\n|---|---|---|\n" + string.Concat(palette.Select(Row));

    static string Row(CommandReport command)
    {
        var arguments = string.Join(
            "; ", command.Parameters.Select(parameter => $"`{parameter.Name}`: {parameter.Help}{OneOf(parameter)}"));
        return $"| `{Escape(PromptHelp.Usage(command))}` | {PromptHelp.Word(command.Right)} "
            + $"| {Escape(command.Help)}{(arguments.Length > 0 ? ". " + Escape(arguments) : "")} |\n";
    }

    static string OneOf(CommandParameter parameter) => parameter.Words.Count == 0 ? "" : $" ({string.Join(", ", parameter.Words)})";

    static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    static string DocumentPath([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "pbm.md");
}
