using System.Text.RegularExpressions;
using Xunit;

namespace AkkaJoin.House.Tests.Documents;

/// <summary>
/// What docs/embedding.md shows is what the samples compile: a block after <c>snippet: FILE#NAME</c> is the text
/// between the marks of that name.
/// </summary>
public sealed partial class SnippetTests
{
    [Fact]
    public void Shown_code_is_that_of_the_samples()
    {
        var blocks = Block().Matches(File.ReadAllText(Path.Combine(Product.Root, "docs", "embedding.md")));

        Assert.NotEmpty(blocks);
        foreach (Match block in blocks)
            Assert.Equal(Marked(block.Groups["file"].Value, block.Groups["name"].Value), block.Groups["code"].Value);
    }

    static string Marked(string file, string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Product.Root, file));
        var first = Array.FindIndex(lines, line => line.Trim() == $"// <{name}>");
        var last = Array.FindIndex(lines, line => line.Trim() == $"// </{name}>");
        Assert.True(first >= 0 && last > first, $"{file} has no marks of the name {name}");
        var shown = lines[(first + 1)..last];
        var indent = shown.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Concat(shown.Select(line => (line.Length > 0 ? line[indent..] : "") + "\n"));
    }

    [GeneratedRegex(@"<!-- snippet: (?<file>\S+)#(?<name>\w+) -->\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
