using AkkaJoin.Pipeline.Hocon;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Hocon;

public class HoconSyntaxTests
{
    [Theory]
    [InlineData("a = 1", "1")]
    [InlineData("a: 1", "1")]
    [InlineData("{ a = 1 }", "1")]
    [InlineData("\uFEFFa = 1", "1")]
    [InlineData("a = \"x y\"", "x y")]
    [InlineData("a = x y  z ", "x y  z")]
    [InlineData("a = x\"y z\" w", "xy z w")]
    [InlineData("a = \"q\\\"\\\\\\/\\n\\t\\u0041\"", "q\"\\/\n\tA")]
    [InlineData("a = \"\"", "")]
    [InlineData("a = \"\"\"x\n\"y\"\"\"\"", "x\n\"y\"")]
    [InlineData("a = \"\"\"\\n\"\"\"", "\\n")]
    [InlineData("a = -1m", "-1m")]
    [InlineData("a = 10 minutes // comment", "10 minutes")]
    [InlineData("a = 5s # comment", "5s")]
    [InlineData("a = \"x # y\"", "x # y")]
    [InlineData("a = 1e+5", "1e+5")]
    [InlineData("a = true", "true")]
    [InlineData("a =\n  1", "1")]
    [InlineData("a = # why\n  1", "1")]
    [InlineData("a\n= 1", "1")]
    [InlineData("a = 1\r\nb = 2\r\n", "1")]
    [InlineData("a = \"null\"", "null")]
    [InlineData("include = 1, a = 2", "2")]
    public void A_text_is_read_as_written(string hocon, string expected) => Assert.Equal(expected, Text(hocon, "a"));

    [Fact]
    public void Several_settings_stand_on_a_line()
    {
        var root = HoconDocument.Parse("a = 0s, b = 10m, c { d = 1, e = 2 }, f = 3,");

        Assert.Equal("{a = 0s, b = 10m, c = {d = 1, e = 2}, f = 3}", root.ToString());
    }

    [Fact]
    public void A_comma_may_follow_an_object()
    {
        var root = HoconDocument.Parse("k { a = 1, b { c = 2 }, d = 3 },\n l = 4");

        Assert.Equal("{k = {a = 1, b = {c = 2}, d = 3}, l = 4}", root.ToString());
    }

    [Fact]
    public void Dotted_keys_are_nested_and_quoted_ones_are_not()
    {
        var root = HoconDocument.Parse("a.b.c = 1, a.\"b.c\".d = 2, \"\".x = 3, a b.c = 4");

        Assert.Equal("{a = {b = {c = 1}, b.c = {d = 2}},  = {x = 3}, a b = {c = 4}}", root.ToString());
    }

    [Fact]
    public void Objects_merge_and_other_values_are_replaced()
    {
        var root = HoconDocument.Parse("a { b = 1, c { d = 2 } }\n a { c { e = 3 }, b = 4 }\n a.c.d = [5]\n x = 1\n x { y = 2 }");

        Assert.Equal("{a = {b = 4, c = {d = [5], e = 3}}, x = {y = 2}}", root.ToString());
    }

    [Fact]
    public void An_object_that_replaces_a_text_does_not_merge_with_the_object_before_it() =>
        Assert.Equal("{a = {c = 2}}", HoconDocument.Parse("a { b = 1 }\n a = 5\n a { c = 2 }").ToString());

    [Fact]
    public void Lists_are_separated_by_commas_or_line_breaks() =>
        Assert.Equal("[1, two words, [3], {a = 4}]", HoconDocument.Parse("a = [1, two words\n [3]\n\n, {a = 4},]").Find("a")!.ToString());

    [Fact]
    public void Values_side_by_side_are_joined()
    {
        var root = HoconDocument.Parse("a = [1] [2, 3], b = {x = 1} {y = 2, x = 3}, c = [{x = 1} {y = 2}]");

        Assert.Equal("{a = [1, 2, 3], b = {x = 3, y = 2}, c = [{x = 1, y = 2}]}", root.ToString());
    }

    [Fact]
    public void Null_is_a_value_of_its_own()
    {
        var root = HoconDocument.Parse("a = 1, a = null, b = [null], c = null x");

        Assert.IsType<HoconNull>(root.Find("a"));
        Assert.Equal("[null]", root.Find("b")!.ToString());
        Assert.Equal("null x", root.Find("c")!.ToString());
    }

    [Fact]
    public void Plus_equals_appends_to_a_list()
    {
        var root = HoconDocument.Parse("a += 1\n a += 2\n b { c = [0]\n c += x y }");

        Assert.Equal("{a = [1, 2], b = {c = [0, x y]}}", root.ToString());
    }

    [Fact]
    public void Every_value_knows_its_line()
    {
        var root = HoconDocument.Parse("a {\n b = 1\n\n c = \"\"\"\n\n\"\"\"\n d = [\n 1,\n 2 ]\n}", "f.conf");

        Assert.Equal("f.conf:2", root.Find("a.b")!.Origin.ToString());
        Assert.Equal("f.conf:4", root.Find("a.c")!.Origin.ToString());
        Assert.Equal("f.conf:7", root.Find("a.d")!.Origin.ToString());
        Assert.Equal("f.conf:9", ((HoconArray)root.Find("a.d")!).Items[1].Origin.ToString());
    }

    [Fact]
    public void A_later_text_overrides_an_earlier_one_and_defaults_see_what_the_user_set()
    {
        var document = new HoconDocument()
            .AddText("a { x = 1, y = ${a.x}0 }", "reference.conf")
            .AddText("a.x = 2", "user.conf");

        Assert.Equal("{a = {x = 2, y = 20}}", document.Resolve().ToString());
        Assert.Equal("user.conf:1", document.Resolve().Find("a.x")!.Origin.ToString());
    }

    static string Text(string hocon, string path) => Assert.IsType<HoconText>(HoconDocument.Parse(hocon).Find(path)).Text;
}
