using System.Text;
using AkkaJoin.Pipeline.Fields;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Fields;

public sealed class FieldNamesTests
{
    [Theory]
    [InlineData("""{"id":1,"user":{"name":"x","device":{"os":"a","at":{"y":1}}},"list":[{"z":1}],"a.b":null}""", "id, user.name, user.device.os, user.device.at, list, \"a.b\"")]
    [InlineData("\0\0\0\0\u0007\uFEFF {\"a\":1}", "a")]
    [InlineData("[1]", "")]
    [InlineData("text", "")]
    [InlineData("", "")]
    [InlineData("""{"a":1,"b":x""", "a")]
    [InlineData("""{"a":1,"\ud800":1}""", "a")]
    [InlineData("""{"a\nb\u202e":1}""", "\"a?b?\"")]
    [InlineData("""{"a":1,"a":2,"e":{},"":3}""", "a, \"\"")]
    public void Fields_are_named_by_their_paths(string json, string names) => Assert.Equal(names, string.Join(", ", Of(json)));

    [Fact]
    public void Only_a_few_names_are_shown_and_of_an_object_a_few_of_them_and_none_is_long()
    {
        var many = Of("{" + string.Join(",", Enumerable.Range(0, 1_000).Select(i => $"\"f{i}\":{i}")) + "}");
        Assert.Equal(FieldNames.NamesMax, many.Count);
        var first = Of($$"""{"o":{{{string.Join(",", Enumerable.Range(0, 100).Select(i => $"\"f{i}\":{i}"))}}},"last":1}""");
        Assert.Equal(FieldNames.NestedMax + 1, first.Count);
        Assert.Equal("last", first[^1]);
        Assert.Equal(63, Of($$"""{"{{new string('x', 10_000)}}":1}""").Single().Length);
    }

    static List<string> Of(string json)
    {
        var names = new List<string>();
        FieldNames.AddJson(names, "", Encoding.UTF8.GetBytes(json));
        return names;
    }
}
