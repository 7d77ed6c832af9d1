using AkkaJoin.Pipeline.Hocon;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Hocon;

public class HoconSubstitutionTests
{
    static readonly Dictionary<string, string> Variables = new(StringComparer.Ordinal)
    {
        ["HOST"] = "kafka-1",
        ["EMPTY"] = "",
        ["dotted.name"] = "d",
    };

    [Theory]
    [InlineData("a = 1, b = ${a}", "{a = 1, b = 1}")]
    [InlineData("b = ${a}, a = 1", "{b = 1, a = 1}")]
    [InlineData("a { x = 1 }, b = ${a.x}${a.x} ${a.x}", "{a = {x = 1}, b = 11 1}")]
    [InlineData("a = [1], b = ${a} [2] ${a}", "{a = [1], b = [1, 2, 1]}")]
    [InlineData("a { x = 1, y = 2 }, b = ${a} { y = 3 }", "{a = {x = 1, y = 2}, b = {x = 1, y = 3}}")]
    [InlineData("a { x = 1 }, b { y = 2 }, b = ${a}", "{a = {x = 1}, b = {y = 2, x = 1}}")]
    [InlineData("b = ${?none}, c = 1", "{c = 1}")]
    [InlineData("b = 1, b = ${?none}", "{b = 1}")]
    [InlineData("b = x${?none}y", "{b = xy}")]
    [InlineData("b = [1, ${?none}, 2]", "{b = [1, 2]}")]
    [InlineData("b = ${?none} { x = 1 }", "{b = {x = 1}}")]
    [InlineData("a = null, b = ${a}", "{a = null, b = null}")]
    [InlineData("\"x.y\" = 1, b = ${\"x.y\"}", "{x.y = 1, b = 1}")]
    [InlineData("a = 1, b = ${ a }", "{a = 1, b = 1}")]
    public void A_substitution_takes_what_the_key_holds_in_the_end(string hocon, string expected) => Check(hocon, expected);

    [Theory]
    [InlineData("a = [1], a = ${a} [2]", "{a = [1, 2]}")]
    [InlineData("a = ${?a} [2]", "{a = [2]}")]
    [InlineData("a { p = x }, a { p = ${a.p}y }", "{a = {p = xy}}")]
    [InlineData("a = x, a = ${a}y, a = ${a}z", "{a = xyz}")]
    [InlineData("a = [1], a = [${a}, 2]", "{a = [[1], 2]}")]
    [InlineData("foo : { a : { c : 1 } }, foo : ${foo.a}, foo : { a : 2 }", "{foo = {a = 2, c = 1}}")]
    [InlineData("bar : { foo : 42, baz : ${bar.foo} }, bar : { foo : 43 }", "{bar = {foo = 43, baz = 43}}")]
    [InlineData("base { x = 1 }, a = ${base} { b = 2, c = ${a.b}${a.x} }", "{base = {x = 1}, a = {x = 1, b = 2, c = 21}}")]
    [InlineData("a = ${b}, b { x = 1, y = ${a.x} }", "{a = {x = 1, y = 1}, b = {x = 1, y = 1}}")]
    public void A_self_reference_looks_back(string hocon, string expected) => Check(hocon, expected);

    [Theory]
    [InlineData("a = ${HOST}", "{a = kafka-1}")]
    [InlineData("a = ${HOST}\":9092\", b = 1", "{a = kafka-1:9092, b = 1}")]
    [InlineData("a = ${?HOST}, b = 1", "{a = kafka-1, b = 1}")]
    [InlineData("a = 1, a = ${?NONE}, b = 1", "{a = 1, b = 1}")]
    [InlineData("a = ${EMPTY}", "{a = }")]
    [InlineData("a = ${dotted.name}", "{a = d}")]
    [InlineData("HOST = mine, a = ${HOST}", "{HOST = mine, a = mine}")]
    [InlineData("HOST = ${HOST}x", "{HOST = kafka-1x}")]
    public void What_the_configuration_lacks_comes_from_the_environment(string hocon, string expected) => Check(hocon, expected);

    [Fact]
    public void A_value_of_the_environment_says_so()
    {
        var root = Parse("a = 1\nb = ${HOST}\nc = ${HOST}${?NONE}\nd = ${HOST}x");

        Assert.Equal("environment HOST at f.conf:2", root.Find("b")!.Origin.ToString());
        Assert.Equal("environment HOST at f.conf:3", root.Find("c")!.Origin.ToString());
        Assert.Equal("f.conf:4", root.Find("d")!.Origin.ToString());
    }

    [Fact]
    public void A_substituted_value_points_at_its_definition() =>
        Assert.Equal("f.conf:1", Parse("a = 1\nb = ${a}").Find("b")!.Origin.ToString());

    [Theory]
    [InlineData("x = 1\na = ${none}", 2)]
    [InlineData("a = ${a}", 1)]
    [InlineData("a = ${b}\nb = ${a}", 2)]
    [InlineData("a = ${b.x}, b = ${a.x}", 1)]
    [InlineData("a { b = ${a} }", 1)]
    [InlineData("a = 1\nb = ${a} { x = 1 }", 2)]
    [InlineData("a = [1]\nb = ${a}x", 2)]
    public void What_cannot_be_resolved_is_an_error_with_its_line(string hocon, int line) =>
        Assert.Equal(line, Assert.Throws<HoconException>(() => Parse(hocon)).Origin.Line);

    [Fact]
    public void Texts_cannot_multiply_without_bound()
    {
        var lines = Enumerable.Range(0, 40).Select(i => $"a{i} = ${{a{i + 1}}}${{a{i + 1}}}");

        Assert.Throws<HoconException>(() => Parse(string.Join('\n', lines) + "\na40 = xxxxxxxx"));
    }

    [Fact]
    public void A_chain_of_substitutions_has_a_limit()
    {
        var lines = Enumerable.Range(0, 100_000).Select(i => $"a{i} = ${{a{i + 1}}}");

        var error = Assert.Throws<HoconException>(() => Parse(string.Join('\n', lines)));

        Assert.Equal("the chain of substitutions is too long", error.Problem);
    }

    static void Check(string hocon, string expected) => Assert.Equal(expected, Parse(hocon).ToString());

    static HoconObject Parse(string hocon) => HoconDocument.Parse(hocon, "f.conf", Variables.GetValueOrDefault);
}
