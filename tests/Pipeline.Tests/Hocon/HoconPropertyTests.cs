using System.Text;
using AkkaJoin.Pipeline.Hocon;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Hocon;

public class HoconPropertyTests
{
    const string Odd = "aZ09 _-.\"\\/\n\r\t\u0000\u001f{}[]:=,#$`^?!@*&+'é€\u2028\uFEFF";

    [Fact]
    public void What_is_printed_is_read_as_the_same()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var tree = RandomObject(new Random(seed), 4);

            Assert.Equal(tree, HoconDocument.Parse(HoconPrinter.Print(tree)));
        }
    }

    [Fact]
    public void Akka_reads_what_is_printed_as_the_same()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var text = RandomText(random, Odd.Replace("\u0000", "", StringComparison.Ordinal));
            var tree = HoconDocument.Parse("a.b = 1");
            var inner = (HoconObject)tree.Find("a")!;
            inner.Set("text", new HoconText(text, inner.Origin));
            inner.Set("list", new HoconArray([new HoconText(text, inner.Origin), new HoconText("x", inner.Origin)], inner.Origin));

            var config = AkkaText.Parse(tree);

            // Akka trims every text, however it is quoted.
            Assert.Equal(text.Trim(), config.GetString("a.text"));
            Assert.Equal([text.Trim(), "x"], config.GetStringList("a.list"));
        }
    }

    [Fact]
    public void Garbage_is_refused_and_nothing_worse_happens()
    {
        string[] words =
        [
            "a", "b.c", "=", ":", "+=", "{", "}", "[", "]", ",", "\n", "${a}", "${?b}", "\"", "\"x\"", "\"\"\"", " ", "#", "//", "null",
            "\\", "$", "include ", "1",
        ];
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var text = new StringBuilder();
            for (var i = random.Next(30); i > 0; i--) text.Append(words[random.Next(words.Length)]);

            AssertReadOrRefused(text.ToString());
        }
    }

    [Fact]
    public void Random_characters_are_refused_and_nothing_worse_happens()
    {
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            AssertReadOrRefused(new string([.. Enumerable.Range(0, random.Next(60)).Select(_ => Odd[random.Next(Odd.Length)])]));
        }
    }

    static void AssertReadOrRefused(string text)
    {
        try
        {
            var tree = HoconDocument.Parse(text, "f", _ => null);
            Assert.Equal(tree, HoconDocument.Parse(HoconPrinter.Print(tree)));
        }
        catch (HoconException e)
        {
            Assert.DoesNotContain('\n', e.Message);
        }
    }

    static HoconObject RandomObject(Random random, int depth)
    {
        var value = new HoconObject(default);
        for (var i = random.Next(5); i > 0; i--) value.Set(RandomKey(random), RandomValue(random, depth - 1));
        return value;
    }

    static HoconValue RandomValue(Random random, int depth) => random.Next(depth > 0 ? 5 : 2) switch
    {
        0 => new HoconNull(default),
        3 => RandomObject(random, depth),
        4 => new HoconArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => RandomValue(random, depth - 1))], default),
        _ => new HoconText(RandomText(random, Odd), default),
    };

    static string RandomKey(Random random) => RandomText(random, Odd);

    static string RandomText(Random random, string characters) =>
        new([.. Enumerable.Range(0, random.Next(8)).Select(_ => characters[random.Next(characters.Length)])]);
}
