using AkkaJoin.Host.Cli;
using Xunit;

namespace AkkaJoin.Host.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkajoin-test-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("", "akkajoin: a verb is missing: ", "Try 'akkajoin --help'.")]
    [InlineData("chekc", "akkajoin: unknown verb 'chekc'; did you mean 'check'?; verbs are ", "Try 'akkajoin --help'.")]
    [InlineData("bogus", "akkajoin: unknown verb 'bogus'; verbs are ", "Try 'akkajoin --help'.")]
    [InlineData("help bogus", "akkajoin: unknown verb 'bogus'; verbs are ", "Try 'akkajoin --help'.")]
    [InlineData("bogus --help", "akkajoin: unknown verb 'bogus'; verbs are ", "Try 'akkajoin --help'.")]
    [InlineData("--foo", "akkajoin: unknown option '--foo'; verbs are ", "Try 'akkajoin --help'.")]
    [InlineData("check -c", "akkajoin: Required argument missing for option: '-c'", "Try 'akkajoin check --help'.")]
    [InlineData("check -c x --jsno", "akkajoin: unknown option or argument '--jsno'", "Try 'akkajoin check --help'.")]
    [InlineData("check -c x extra", "akkajoin: unknown option or argument 'extra'", "Try 'akkajoin check --help'.")]
    [InlineData("check -c x @file", "akkajoin: unknown option or argument '@file'", "Try 'akkajoin check --help'.")]
    [InlineData("demo --join outer", "akkajoin: --join must be inner, left, right, full or attribution; it is 'outer'", "Try 'akkajoin demo --help'.")]
    [InlineData("demo --join 3", "akkajoin: --join must be inner, left, right, full or attribution; it is '3'", "Try 'akkajoin demo --help'.")]
    [InlineData("demo --events many", "akkajoin: --events must be a whole number; it is 'many'", "Try 'akkajoin demo --help'.")]
    public async Task Wrong_usage_is_one_line_a_hint_and_64(string line, string message, string hint)
    {
        var (code, output, error) = await Run(line);

        Assert.Equal(64, code);
        Assert.Empty(output);
        Assert.StartsWith(message, error, StringComparison.Ordinal);
        Assert.Equal(hint, error.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1].Trim());
        Assert.Equal(2, error.Count(c => c == '\n'));
    }

    [Fact]
    public async Task A_record_where_the_name_of_a_join_belongs_is_said_before_a_node_is_asked()
    {
        var (code, _, error) = await Run("explain 0:17 1:9");

        Assert.Equal(64, code);
        Assert.Equal("akkajoin: '0:17' is a record; the name of the join comes first: akkajoin explain JOIN 0:17", error.TrimEnd());
    }

    [Theory]
    [InlineData("help", "--help")]
    [InlineData("help check", "check --help")]
    public async Task Help_is_a_word_too(string line, string same)
    {
        var (code, output, error) = await Run(line);

        Assert.Equal((0, ""), (code, error));
        Assert.Equal((await Run(same)).Output, output);
    }

    [Fact]
    public async Task The_version_is_that_of_the_program()
    {
        var (code, output, _) = await Run("--version");

        Assert.Equal(0, code);
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\s*$", output);
    }

    [Fact]
    public async Task Every_verb_has_help_with_an_example_and_exit_codes()
    {
        foreach (var create in CommandLine.Verbs)
        {
            var verb = create();
            var (code, output, error) = await Run($"{verb.Name} --help");

            Assert.Equal(0, code);
            Assert.Empty(error);
            Assert.Contains($"  akkajoin {verb.Name}", output, StringComparison.Ordinal);
            Assert.Contains("Exit codes:", output, StringComparison.Ordinal);
            Assert.Contains("  64  wrong command line", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_good_file_is_shown_with_origins_a_sentence_for_each_join_and_ok()
    {
        var file = Write("""
            akkajoin {
              kafka { bootstrap-servers = "h:1", client.sasl.password = hunter2 }
              joins.take-rate {
                type = inner, before = 0s, after = 10m, left.topic = impressions, right.topic = plays, output.topic = take-rate
              }
              joins.other = ${akkajoin.joins.take-rate} {
                type = full, before = -1m, bounds = "(]", where = "left.a.b<right.c and right.d is null", left.filter = "tier = 'gold'"
              }
            }
            """);

        var (code, output, error) = await Run($"check -c {file}");

        Assert.Equal(0, code);
        Assert.Empty(error);
        Assert.Matches($@"akkajoin\.kafka\r?\n  bootstrap-servers +h:1 +{file}:2", output);
        Assert.DoesNotContain("hunter2", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", output, StringComparison.Ordinal);
        Assert.EndsWith(
            """
            take-rate: inner join of impressions with plays, right.time in [left.time - 0 s, left.time + 10 min]
            other: full join of impressions with plays, right.time in (left.time + 1 min, left.time + 10 min], where left.a.b < right.c and right.d is null; lefts where tier = 'gold'
            ok

            """.ReplaceLineEndings(),
            output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_range_of_times_that_is_empty_is_64()
    {
        var file = Write("""
            akkajoin {
              kafka.bootstrap-servers = "127.0.0.1:1"
              joins.a { type = inner, before = 0s, after = 0s, left.topic = l, right.topic = r, output.topic = o }
            }
            """);

        var (code, _, error) = await Run($"validate -c {file} --from 2 --to 1");

        Assert.Equal(64, code);
        Assert.Equal("akkajoin: --from must be before --to", error.Trim());
    }

    [Fact]
    public async Task A_wrong_file_is_78_with_all_errors()
    {
        var file = Write("akkajoin { kafka.bootstrap-servers = h\n joins.a { typ = inner } }");

        var (code, output, error) = await Run($"check -c {file}");

        Assert.Equal(78, code);
        Assert.Empty(output);
        Assert.StartsWith($"akkajoin: {file} has 8 errors:\n", error, StringComparison.Ordinal);
        Assert.Contains($"unknown key akkajoin.joins.a.typ ({file}:2); did you mean type?", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none.conf", "the file does not exist")]
    [InlineData("", "the file cannot be read: it is a directory")]
    public async Task A_file_that_is_missing_or_unreadable_is_78(string name, string expected)
    {
        var path = Path.Combine(_directory.FullName, name);

        var (code, _, error) = await Run($"check -c {path}");

        Assert.Equal(78, code);
        Assert.Equal($"akkajoin: {expected} ({path})", error.Trim());
    }

    string Write(string text)
    {
        var path = Path.Combine(_directory.FullName, "akkajoin.conf");
        File.WriteAllText(path, text);
        return path;
    }

    static async Task<(int Code, string Output, string Error)> Run(string line)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var code = await CommandLine.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), output, error);
        return (code, output.ToString(), error.ToString());
    }
}
