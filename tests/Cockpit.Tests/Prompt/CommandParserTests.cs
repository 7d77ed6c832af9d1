using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Prompt;
using AkkaJoin.Pipeline.Settings;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Prompt;

/// <summary>How lines of the prompt are understood.</summary>
public sealed class CommandParserTests
{
    static readonly CommandParameter Join = CommandParameter.Join;
    static readonly CommandParser Parser = new(
    [
        new CommandReport("cluster", "show", "Shows it", AdminRight.State, []),
        new CommandReport("cluster", "leave", "Leaves", AdminRight.Act, [new("address", "Whose") { IsPositional = true }]),
        new CommandReport(
            "join",
            "key",
            "Shows a key",
            AdminRight.Data,
            [
                Join,
                new("key", "The key") { IsPositional = true, IsRequired = true },
                new("side", "The side") { Words = ["left", "right"] },
                new("all", "All of it") { IsFlag = true },
            ]),
    ]);

    [Theory]
    [InlineData("cluster show", "cluster show")]
    [InlineData("  cluster   show  ", "cluster show")]
    [InlineData("cluster leave h:1", "cluster leave address=h:1")]
    [InlineData("cluster leave --address h:1", "cluster leave address=h:1")]
    [InlineData("cluster leave --address=h:1", "cluster leave address=h:1")]
    [InlineData("join key 42", "join key key=42")]
    [InlineData("join key orders 42", "join key join=orders key=42")]
    [InlineData("join key 42 --join orders", "join key join=orders key=42")]
    [InlineData("join key --all 42 --side left", "join key all=true key=42 side=left")]
    [InlineData("join key 'a b' \"it's\"", "join key join=a b key=it's")]
    [InlineData("join key -- --all", "join key key=--all")]
    [InlineData("join key --side=right -7", "join key key=-7 side=right")]
    public void A_line_becomes_a_command_and_its_arguments(string line, string expected)
    {
        var call = Assert.IsType<CommandLineCall>(Parser.Parse(line));
        var arguments = call.Arguments.OrderBy(argument => argument.Key, StringComparer.Ordinal).Select(a => $" {a.Key}={a.Value}");
        Assert.Equal(expected, $"{call.Command.Palette} {call.Command.Name}{string.Concat(arguments)}");
    }

    [Fact]
    public void Every_command_has_json_and_a_time_out_which_are_no_arguments_of_the_node()
    {
        var call = Assert.IsType<CommandLineCall>(Parser.Parse("cluster show --json --timeout 3"));
        Assert.True(call.IsJson);
        Assert.Equal(TimeSpan.FromSeconds(3), call.Timeout);
        Assert.Empty(call.Arguments);
    }

    [Theory]
    [InlineData("clutser show", "there is no palette 'clutser'; did you mean 'cluster'?")]
    [InlineData("xyz show", "there is no palette 'xyz': cluster, join, help, exit")]
    [InlineData("hlep", "there is no palette 'hlep'; did you mean 'help'?")]
    [InlineData("cluster shwo", "'cluster' has no command 'shwo'; did you mean 'show'?")]
    [InlineData("help join kye", "'join' has no command 'kye'; did you mean 'key'?")]
    [InlineData("join key 42 --sdie left", "'join key' has no option '--sdie'; did you mean '--side'?")]
    [InlineData("join key 42 --side letf", "side cannot be 'letf'; did you mean 'left'?")]
    [InlineData("join key", "KEY is missing (The key): join key [JOIN] KEY [--side SIDE] [--all]")]
    [InlineData("join key a b c", "'c' is one word too many: join key [JOIN] KEY [--side SIDE] [--all]")]
    [InlineData("join key 42 --side", "--side needs a value: The side")]
    [InlineData("join key 42 --all=yes", "--all has no value")]
    [InlineData("join key 42 --side left --side right", "--side is given twice")]
    [InlineData("join key a 42 --key 43", "'42' is one word too many")]
    [InlineData("cluster show --timeout soon", "--timeout must be 1 to 3600 seconds; it is 'soon'")]
    [InlineData("cluster 'show", "the quote ' is not closed")]
    [InlineData(@"cluster show\", @"nothing follows the last \")]
    public void A_mistake_is_told_with_what_was_meant(string line, string expected)
    {
        var mistake = Assert.Throws<CommandException>(() => Parser.Parse(line));
        Assert.StartsWith(expected, mistake.Message, StringComparison.Ordinal);
        Assert.Equal(64, mistake.ExitCode);
    }

    [Theory]
    [InlineData("help", null, null)]
    [InlineData("help join", "join", null)]
    [InlineData("join help", "join", null)]
    [InlineData("join", "join", null)]
    [InlineData("help join key", "join", "key")]
    [InlineData("join help key", "join", "key")]
    [InlineData("join key --help", "join", "key")]
    public void Help_is_of_all_of_a_palette_or_of_a_command(string line, string? palette, string? name) =>
        Assert.Equal(new HelpLine(palette, name), Parser.Parse(line));

    [Fact]
    public void Empty_lines_and_remarks_ask_for_nothing_and_exit_ends()
    {
        Assert.IsType<EmptyLine>(Parser.Parse("  "));
        Assert.IsType<EmptyLine>(Parser.Parse(" # it's a remark"));
        Assert.IsType<ExitLine>(Parser.Parse("exit"));
        Assert.IsType<ExitLine>(Parser.Parse("quit"));
    }

    [Theory]
    [InlineData(@"a\ b", "a b")]
    [InlineData(@"'a\b'", @"a\b")]
    [InlineData(@"""a\b\\c\""d""", @"a\b\c""d")]
    [InlineData(@"a'b'""c""", "abc")]
    [InlineData("''", "")]
    public void Words_are_quoted_as_in_a_shell(string line, string expected) => Assert.Equal([expected], CommandWords.Split(line));

    [Fact]
    public void What_is_quoted_is_read_as_it_was()
    {
        const int seed = 13;
        var random = new Random(seed);
        const string alphabet = "ab '\"\\-#$\t=ä";
        for (var i = 0; i < 1_000; i++)
        {
            string Word() => new([.. Enumerable.Range(0, random.Next(6)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
            var words = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Word()).ToArray();
            var line = string.Join(' ', words.Select(CommandWords.Quote));
            Assert.True(words.SequenceEqual(CommandWords.Split(line)), $"seed {seed}, round {i}");
        }
    }

    [Fact]
    public void Any_text_is_understood_or_refused_in_words()
    {
        const int seed = 17;
        var random = new Random(seed);
        string[] parts =
            ["cluster", "join", "key", "show", "help", "--", "--side", "--all", "=", "'", "\"", "\\", " ", " ", "42", "\t", "\u0000"];
        for (var i = 0; i < 20_000; i++)
        {
            var line = string.Concat(Enumerable.Range(0, random.Next(10)).Select(_ => parts[random.Next(parts.Length)]));
            try
            {
                Assert.NotNull(Parser.Parse(line));
            }
            catch (CommandException e)
            {
                Assert.True(e.Message.Length > 0, $"seed {seed}, line {line}");
            }

            Assert.InRange(Completion.Of(line, Parser, ["orders"]).Start, 0, line.Length);
        }
    }
}
