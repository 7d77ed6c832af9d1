using AkkaJoin.Pipeline.Hocon;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Hocon;

public class HoconErrorTests
{
    [Theory]
    [InlineData("a {\n b {\n c = 1\n }", 1, "the '{' that stands here is never closed")]
    [InlineData("a = 1\nb = [1,\n2", 2, "the '[' that stands here is never closed")]
    [InlineData("a = 1\nb = \"x\nc = 2", 2, "the quote that begins here is never closed")]
    [InlineData("a = \"\"\"x\n\"\"", 1, "the quote that begins here is never closed")]
    [InlineData("a = \"x\\", 1, "the quote that begins here is never closed")]
    [InlineData("a = 1\n}", 2, "there is no '{' for this '}'")]
    [InlineData("{ a = 1 }\n b = 2", 2, "'b' stands after the last '}'")]
    [InlineData("[1]", 1, "a configuration is an object, not a list")]
    [InlineData("a = 1 ]", 1, "unexpected ']'")]
    [InlineData("a = [1, }", 1, "unexpected '}'")]
    [InlineData("a = [1,, 2]", 1, "unexpected ','")]
    [InlineData("a = 1,, b = 2", 1, "a key is expected before ','")]
    [InlineData("a = host:9092", 1, "unexpected ':'")]
    [InlineData("a = 1 b = 2", 1, "unexpected '='")]
    [InlineData("a = b@c", 1, "unexpected '@'")]
    [InlineData("a = x$y", 1, "unexpected '$'")]
    [InlineData("a = c:\\dir", 1, "unexpected ':'")]
    [InlineData("a = \"c:\\dir\"", 1, "a backslash in quotes must be doubled")]
    [InlineData("a = \"\\u00g0\"", 1, "\\u needs four hexadecimal digits")]
    [InlineData("a = \"\\u00", 1, "\\u needs four hexadecimal digits")]
    [InlineData("a\nb = 1", 1, "'=', ':' or '{' is missing after the key a")]
    [InlineData("a =\nb = 1", 1, "a has no value")]
    [InlineData("a {\n b = }", 2, "b has no value")]
    [InlineData("a =", 1, "a has no value")]
    [InlineData("a..b = 1", 1, "a key has an empty element")]
    [InlineData(".a = 1", 1, "a key has an empty element")]
    [InlineData("= 1", 1, "a key is expected before '='")]
    [InlineData("a = ${b", 1, "the '${' that stands here is never closed")]
    [InlineData("a = ${}", 1, "a key is expected before '}'")]
    [InlineData("a = [1] x", 1, "a list cannot be joined with a text")]
    [InlineData("a = {b = 1} x", 1, "an object cannot be joined with a text or a list")]
    [InlineData("a {b = 1} c {d = 1}", 1, "an object cannot be joined with a text or a list; two settings need a comma or a line break")]
    [InlineData("include foo", 1, "include takes a file in double quotes")]
    [InlineData("include url(\"http://x\")", 1, "include takes a file in double quotes")]
    [InlineData("include required(\"x\"", 1, "include takes a file in double quotes")]
    [InlineData("a = 1\nb = [{ include \"x\" }]", 2, "include is not supported inside a list")]
    [InlineData("a = [{ b += 1 }]", 1, "'+=' is not supported inside a list")]
    public void A_mistake_is_named_with_its_line(string hocon, int line, string problem)
    {
        var error = Assert.Throws<HoconException>(() => HoconDocument.Parse(hocon, "f.conf"));

        Assert.StartsWith(problem, error.Problem, StringComparison.Ordinal);
        Assert.Equal(line, error.Origin.Line);
        Assert.Equal($"{error.Problem} (f.conf:{line})", error.Message);
    }

    [Theory]
    [InlineData("{ x = ", "}", 49)]
    [InlineData("[", "]", 99)]
    public void Nesting_has_a_limit(string opening, string closing, int allowed)
    {
        HoconDocument.Parse("a = " + Nested(opening, closing, allowed));

        var error = Assert.Throws<HoconException>(() => HoconDocument.Parse("a = " + Nested(opening, closing, allowed + 1)));

        Assert.Equal("objects and lists nest more than 100 deep", error.Problem);
    }

    [Fact]
    public void A_key_has_a_limit_too() =>
        Assert.Throws<HoconException>(() => HoconDocument.Parse(string.Join('.', Enumerable.Repeat("a", 101)) + " = 1"));

    [Fact]
    public void A_text_has_a_limit()
    {
        var error = Assert.Throws<HoconException>(() => HoconDocument.Parse("a = " + new string('x', HoconLimits.FileBytes)));

        Assert.Equal("the text is larger than 4 MiB", error.Problem);
    }

    static string Nested(string opening, string closing, int count) =>
        string.Concat(Enumerable.Repeat(opening, count)) + "1" + string.Concat(Enumerable.Repeat(closing, count));
}
