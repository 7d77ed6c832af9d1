using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Palettes;
using AkkaJoin.Cockpit.Prompt;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Prompt;

/// <summary>What keys do at the prompt, and what Tab offers.</summary>
public sealed class LineEditorTests : IDisposable
{
    static readonly CommandParser Parser = new(PromptCommands.With([.. CommandTable.All.Select(CommandReport.Of)]));
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-history-");
    readonly StringWriter _screen = new();

    public void Dispose()
    {
        _screen.Dispose();
        _directory.Delete(recursive: true);
    }

    // Of keys: < left, > right, ^ up, v down, { home, } end, ~ backspace, _ blank, ! tab, C-x control and x.
    [Theory]
    [InlineData("ab", "ab")]
    [InlineData("ab<<x", "xab")]
    [InlineData("ab~c", "ac")]
    [InlineData("ab{x}y", "xaby")]
    [InlineData("ab_cd C-W e", "ab e")]
    [InlineData("ab C-A C-K x", "x")]
    [InlineData("ab< C-U x", "xb")]
    [InlineData("ab{ C-D", "b")]
    [InlineData("abC-C", "")]
    [InlineData("^", "second")]
    [InlineData("^^x", "firstx")]
    [InlineData("draft^v", "draft")]
    [InlineData("clu!", "cluster")]
    [InlineData("cluster_mem!", "cluster members ")]
    [InlineData("cluster-s!l!", "cluster-sharding list ")]
    [InlineData("actor_hierarchy_--de!9", "actor hierarchy --depth 9")]
    [InlineData("journal_stats_ord!", "journal stats orders ")]
    [InlineData("nothing!", "nothing")]
    public void Keys_edit_the_line(string keys, string expected)
    {
        var history = PromptHistory.Read(File("history"));
        history.Add("first");
        history.Add("second");
        Assert.Equal(expected, Editor(history, keys).Read("> "));
    }

    [Fact]
    public void Control_d_on_an_empty_line_is_the_end() => Assert.Null(Editor(PromptHistory.Read(File("history")), "C-D").Read("> "));

    [Fact]
    public void Where_several_words_fit_tab_shows_them()
    {
        Editor(PromptHistory.Read(File("history")), "cluster_!").Read("> ");
        Assert.Contains("show  members  tail  leave  down  down-unreachable  help", _screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_wider_than_the_terminal_is_shown_where_the_cursor_is()
    {
        var text = string.Concat(Enumerable.Repeat("0123456789", 10));
        Assert.Equal(text, Editor(PromptHistory.Read(File("history")), text).Read("> "));
        Assert.All(_screen.ToString().Split('\r', '\n'), line => Assert.InRange(line.Length, 0, 39));
    }

    [Fact]
    public void The_history_is_for_its_user_alone_and_lasts()
    {
        var file = File("history");
        var history = PromptHistory.Read(file);
        history.Add("join key 42");
        history.Add("join key 42");
        history.Add(" not kept");
        history.Add("cluster show");
        Assert.Equal(["join key 42", "cluster show"], PromptHistory.Read(file).Lines);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(file));
    }

    [Fact]
    public void The_history_stays_short()
    {
        var file = File("history");
        var history = PromptHistory.Read(file);
        for (var i = 0; i < 2 * PromptHistory.LinesMax + 10; i++)
            history.Add($"line {i}");
        Assert.InRange(System.IO.File.ReadLines(file).Count(), PromptHistory.LinesMax, 2 * PromptHistory.LinesMax);
        Assert.Equal(history.Lines, PromptHistory.Read(file).Lines);
    }

    [Fact]
    public void A_history_that_cannot_be_kept_stops_nobody()
    {
        System.IO.File.WriteAllText(File("file"), "");
        var history = PromptHistory.Read(Path.Combine(File("file"), "history"));
        history.Add("cluster show");
        Assert.Equal(["cluster show"], history.Lines);
    }

    string File(string name) => Path.Combine(_directory.FullName, name);

    LineEditor Editor(PromptHistory history, string keys)
    {
        var pressed = new Queue<ConsoleKeyInfo>(Keys(keys));
        return new LineEditor(pressed.Dequeue, _screen, () => 40, history, typed => Completion.Of(typed, Parser, ["orders"]));
    }

    static IEnumerable<ConsoleKeyInfo> Keys(string keys)
    {
        keys = keys.Replace(" C-", "C-", StringComparison.Ordinal);
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i..].StartsWith("C-", StringComparison.Ordinal))
            {
                var key = Enum.Parse<ConsoleKey>(keys[i + 2].ToString());
                yield return new ConsoleKeyInfo('\u0001', key, shift: false, alt: false, control: true);
                i += i + 3 < keys.Length && keys[i + 3] == ' ' ? 3 : 2;
            }
            else
            {
                yield return Key(keys[i]);
            }
        }

        yield return new ConsoleKeyInfo('\r', ConsoleKey.Enter, shift: false, alt: false, control: false);
    }

    static ConsoleKeyInfo Key(char c)
    {
        var (character, key) = c switch
        {
            '<' => ('\0', ConsoleKey.LeftArrow),
            '>' => ('\0', ConsoleKey.RightArrow),
            '^' => ('\0', ConsoleKey.UpArrow),
            'v' => ('\0', ConsoleKey.DownArrow),
            '{' => ('\0', ConsoleKey.Home),
            '}' => ('\0', ConsoleKey.End),
            '~' => ('\b', ConsoleKey.Backspace),
            '!' => ('\t', ConsoleKey.Tab),
            '_' => (' ', ConsoleKey.Spacebar),
            _ => (c, ConsoleKey.None),
        };
        return new ConsoleKeyInfo(character, key, shift: false, alt: false, control: false);
    }
}
