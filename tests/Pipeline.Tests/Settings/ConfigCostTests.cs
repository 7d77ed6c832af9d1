using System.Text;
using AkkaJoin.Pipeline.Hocon;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using AkkaJoin.Shards.Profiling;
using AkkaJoin.Shards.Tests;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Settings;

/// <summary>Any text up to the limit of a file is read or refused within seconds of processor time.</summary>
public sealed class ConfigCostTests : IDisposable
{
    const int Size = HoconLimits.FileBytes - 2_048;

    // An idle core needs up to 2 s. One whose twin thread is busy needs up to 3 times that. What these tests are there
    // for, work that grows with the square of the text, takes minutes.
    const long MsMax = 6_000;
    const string Join = "akkajoin { kafka.bootstrap-servers = \"h:1\", joins.a { type = inner, before = 0s, after = 10m, "
        + "left.topic = l, right.topic = r, output.topic = o } }\n";

    static readonly Dictionary<string, Func<string>> Texts = new()
    {
        ["one long text"] = () => $"akkajoin.kafka.client.client.id = \"{new string('a', Size)}\"",
        ["one long text for Akka"] = () => $"akka.x = \"{new string('a', Size)}\"",
        ["one long connection string"] = () => $"akkajoin {{ journal = postgresql, postgresql.connection-string = \"{Repeat("a=b;")}\" }}",
        ["one long password in a URL"] = () => $"x = \"http://a:{new string('@', Size)}\"",
        ["many secrets"] = () => $"x = \"{Repeat("token=")}\"",
        ["many secrets with ends"] = () => $"x = \"{Repeat("token=;")}\"",
        ["almost a secret"] = () => $"x = \"{Repeat("passwpasswpassw")}\"",
        ["almost a private key"] = () => $"x = \"{Repeat("-----BEGIN A ")}\"",
        ["many schemes"] = () => $"x = \"{Repeat("a://b:")}\"",
        ["long condition"] = () => $"akkajoin.joins.a.where = \"{Repeat("left.a = right.b and ")}\"",
        ["long path"] = () => $"akkajoin.joins.a.left.key = \"{Repeat("a.")}b\"",
        ["long key"] = () => $"{new string('a', Size)} = 1",
        ["long unknown key"] = () => $"akkajoin.\"{new string('a', Size)}\" = 1",
        ["many appended"] = () => Repeat("z += 1\n"),
        ["many appended and undone"] = () => Repeat("z += 1\n") + "z = 2",
        ["many that look back"] = () => "z = 1\n" + Repeat("z = ${?z}\n"),
        ["many that look elsewhere"] = () => Repeat("z = ${?u}\n") + "a = [${?z.q}, ${?z.q}, ${?z.q}]",
        ["many references in one text"] = () => "b = 1, a = 1\na = " + Repeat("${?a}${?b}"),
        ["many references to nothing"] = () => "a = " + Repeat("${?b}"),
        ["many references in a list"] = () => $"z = [{Repeat("1,", 100_000)}]\nb = [{Repeat("${?z},", 3_000_000)}]",
        ["a chain of optional references"] = () => Numbered(i => $"a{i} = ${{?a{i + 1}}}\n"),
        ["a chain of optional references that is resolved from its end"] = () => Numbered(i => $"a{i + 1} = ${{?a{i}}}\n"),
        ["doubling lists"] = () => "a0 = [1, 1]\n" + Numbered(i => $"a{i + 1} = ${{a{i}}} ${{a{i}}}\n"),
        ["doubling texts"] = () => $"a0 = {new string('x', 1_000_000)}\n" + Numbered(i => $"a{i + 1} = ${{a{i}}}${{a{i}}}\n", 50_000),
        ["one long text many times"] = () => $"a = {new string('x', 2_000_000)}\nb = " + Repeat("${a}", Size - 2_000_100),
        ["objects on top of each other"] = () => $"b {{ {Numbered(i => $"k{i} = 1\n", 500_000)} }}\ns {{ x = 1 }}\nz = ${{b}}\n" + Repeat("z = ${s}\n", 1_000_000),
        ["objects beside each other"] = () => $"b {{ {Numbered(i => $"k{i} = 1\n", 500_000)} }}\ns {{ x = 1 }}\nz = ${{b}} " + Repeat("${s} ", 1_000_000),
        ["many unknown keys"] = () => "akkajoin {\n" + Numbered(i => $"kafkb{i} = 1\n") + "}",
        ["many unknown keys of librdkafka"] = () => "akkajoin.kafka.client {\n" + Numbered(i => $"kafkb{i} = 1\n", 1_000_000) + "}",
        ["many roots"] = () => Numbered(i => $"akk{i} = 1\n"),
        ["many keys for Akka"] = () => "akka {\n" + Numbered(i => $"k{i} = 1\n", 100_000) + "}",
        ["many lists for Akka"] = () => $"akka.l = [{Repeat("[],", 200_000)}]",
        ["a text as long as Akka may have"] = () => $"akka.x = \"{new string('a', 200_000)}\"",
        ["odd characters for Akka"] = () => $"akka.x = \"{Repeat("\\\\\\n$", 200_000)}\"",
        ["many joins"] = () => Numbered(i => $"akkajoin.joins.j{i} {{ }}\n"),
        ["as many joins as may be"] = () => string.Concat(Enumerable.Range(0, 256)
            .Select(i => Join.Replace("joins.a", $"joins.a{i}", StringComparison.Ordinal))),
        ["many selected fields"] = () => $"akkajoin.joins.a.output.select = [{Numbered(i => $"left.f{i},")}]",
        ["as many selected fields as may be"] = () => $"akkajoin.joins.a.output.select = [{Numbered(i => $"left.f{i},", 9_000)}]",
        ["many servers"] = () => $"akkajoin.kafka.bootstrap-servers = [{Repeat("\"h:1\",")}]",
        ["deep keys"] = () => Repeat(string.Join('.', Enumerable.Repeat("a", 99)) + "=1\n"),
        ["deep lists"] = () => $"a = [{Repeat(new string('[', 98) + new string(']', 98) + ",")}]",
        ["many lists"] = () => $"a = [{Repeat("[],")}]",
        ["many objects"] = () => $"a = [{Repeat("{},")}]",
        ["one object many times"] = () => Repeat("a { b = 1 }\n"),
        ["one key many times"] = () => Repeat("a=1\n"),
        ["missing files"] = () => Repeat("include \"x\"\n"),
        ["spaces"] = () => "a = " + new string(' ', Size) + "b",
        ["words"] = () => "a = " + Repeat("b "),
        ["comments"] = () => Repeat("#\n"),
        ["quotes"] = () => "a = " + Repeat("\"\"", Size),
        ["three quotes"] = () => "a = \"\"\"" + Repeat("\"\" "),
    };

    readonly TemporaryDirectory _files = new();

    public static TheoryData<string> Names => [.. Texts.Keys];

    public void Dispose() => _files.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_text_of_up_to_4_MiB_takes_seconds_at_most(string name)
    {
        var text = Join + Texts[name]();
        Assert.InRange(text.Length, 1, HoconLimits.FileBytes);
        AssertSoon(() => ConfigReader.ReadText(text, "f.conf", environment: _ => null), name);
    }

    [Fact]
    public void Files_that_include_others_take_seconds_at_most()
    {
        _files.Write("large.conf", Repeat("a=1\n"));
        var main = _files.Write("main.conf", Join + Repeat("include \"large.conf\"\n", 20_000));
        AssertSoon(() => ConfigReader.ReadFile(main, environment: _ => null), "includes");
    }

    [Fact]
    public void Texts_made_of_a_few_pieces_repeated_take_seconds_at_most()
    {
        string[] pieces =
        [
            "z", "a0", "akka", "akkajoin.joins.a", "akkajoin.kafka.client", ".b", " = ", " { ", " } ", "[", "]", ",", "\n", "\n", "${?z}", "${?a0.b}", "${z}", "\"x\"", " += ", "1",
            "http://a:b@", " ", "${?z} {q=1}", "[${?z}]", "q",
        ];
        for (var seed = 0; seed < LongForm.Seeds(10); seed++)
        {
            var random = new Random(seed);
            var text = new StringBuilder(Join);
            while (text.Length < Size / 2)
            {
                var line = string.Concat(Enumerable.Range(0, random.Next(2, 7)).Select(_ => pieces[random.Next(pieces.Length)]));
                for (var i = Math.Min(random.Next(1, 400_000), (Size - text.Length) / (line.Length + 1)); i > 0; i--) text.Append(line).Append('\n');
            }

            AssertSoon(() => ConfigReader.ReadText(text.ToString(), "f.conf", environment: _ => null), $"seed {seed}");
        }
    }

    static void AssertSoon(Action read, string name)
    {
        var ms = Cost(read);
        Assert.True(ms <= MsMax, $"{name} took {ms} ms");
        if (Environment.GetEnvironmentVariable("AKKAJOIN_TEST_TIMES") is { } file) File.AppendAllText(file, $"{ms}\t{name}\n");
    }

    static long Cost(Action read)
    {
        var began = ThreadClock.NowNs;
        try
        {
            read();
        }
        catch (ConfigException e)
        {
            Assert.All(e.Message.Split('\n'), line => Assert.InRange(line.Length, 1, 5_000));
        }

        return (ThreadClock.NowNs - began) / 1_000_000;
    }

    static string Repeat(string piece, int size = Size) => new StringBuilder(size).Insert(0, piece, size / piece.Length).ToString();

    static string Numbered(Func<int, string> piece, int size = Size)
    {
        var text = new StringBuilder(size);
        for (var i = 0; ; i++)
        {
            var next = piece(i);
            if (text.Length + next.Length > size) return text.ToString();
            text.Append(next);
        }
    }
}
