using System.Text.RegularExpressions;
using AkkaJoin.House.Tests.Tidy;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace AkkaJoin.House.Tests.Documents;

/// <summary>
/// Every relative link of a document leads somewhere: to a file, to a heading of it, or, as <c>src/Shards/Join/PairJoin.cs#Match</c>, to a
/// member that the source file declares. A file that a document names in backticks, or in a table of parts, need not be a link.
/// </summary>
public partial class LinkTests
{
    [Fact]
    public void Links_lead_somewhere() => Breaches.AreAllowed(
        "Documents/Links.allowed.txt",
        from document in Repository.Files("*.md")
        from link in Links(File.ReadAllText(Path.Combine(Product.Root, document)))
        let problem = Problem(document, link)
        where problem != null
        select ($"{document} {link}", problem));

    [Theory]
    [InlineData("see [a](b.md#c) and ![d](e.png \"title\")", "b.md#c e.png")]
    [InlineData("`[a](b.md)` is code", "")]
    [InlineData("```\n[a](b.md)\n```\n[c](d.md)", "d.md")]
    [InlineData("[a]: b.md", "b.md")]
    public void Links_are_found(string text, string links) => Assert.Equal(links, string.Join(' ', Links(text)));

    [Theory]
    [InlineData("## Coverage, ticks, `acks`", "coverage-ticks-acks")]
    [InlineData("# The *life* of a_record: 2nd", "the-life-of-a_record-2nd")]
    [InlineData("### [A link](b.md) here", "a-link-here")]
    public void An_anchor_is_a_heading_as_GitHub_writes_it(string heading, string anchor) =>
        Assert.Equal([anchor], Anchors([heading]));

    static IEnumerable<string> Links(string text)
    {
        text = CodeBlock().Replace(text, "");
        text = CodeSpan().Replace(text, "");
        return Link().Matches(text).Concat(Reference().Matches(text)).OrderBy(m => m.Index).Select(m => m.Groups[1].Value);
    }

    static string? Problem(string document, string link)
    {
        if (link.Contains("://", StringComparison.Ordinal) || link.StartsWith("mailto:", StringComparison.Ordinal))
            return null;
        var (path, anchor) = link.Split('#') is [var p, var a, ..] ? (p, a) : (link, "");
        var file = path.Length == 0 ? document : Relative(document, path);
        var full = Path.Combine(Product.Root, file);
        if (!File.Exists(full) && !Directory.Exists(full))
            return "leads to no file";
        if (anchor.Length == 0)
            return null;
        if (file.EndsWith(".cs", StringComparison.Ordinal))
            return Declares(file, anchor) ? null : $"leads to no member {anchor} of {file}";
        return Anchors(File.ReadAllLines(full)).Contains(anchor) ? null : "leads to no heading";
    }

    static string Relative(string document, string path) =>
        Path.GetRelativePath(Product.Root, Path.GetFullPath(Path.Combine(Product.Root, Path.GetDirectoryName(document)!, Uri.UnescapeDataString(path)))).Replace('\\', '/');

    // A line number (L12) goes stale with the next change: it is no anchor.
    static bool Declares(string file, string member) => SourceFile.All.Any(source => source.Path == file
        && source.Tree.DescendantTokens().Any(t => t.IsKind(SyntaxKind.IdentifierToken) && t.Text == member && t.Parent is not null && IsDeclaration(t)));

    static bool IsDeclaration(SyntaxToken token) => token.Parent is Microsoft.CodeAnalysis.CSharp.Syntax.MemberDeclarationSyntax
        or Microsoft.CodeAnalysis.CSharp.Syntax.ParameterSyntax or Microsoft.CodeAnalysis.CSharp.Syntax.VariableDeclaratorSyntax;

    static IEnumerable<string> Anchors(IEnumerable<string> lines)
    {
        var seen = new Dictionary<string, int>();
        var inCode = false;
        foreach (var line in lines)
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
                inCode = !inCode;
            foreach (Match id in Named().Matches(line))
                yield return id.Groups[1].Value;
            if (inCode || Heading().Match(line) is not { Success: true } heading)
                continue;
            var text = LinkText().Replace(heading.Groups[1].Value, "$1").Trim().ToLowerInvariant();
            var anchor = NotOfAnchors().Replace(text, "").Replace(' ', '-');
            var count = seen[anchor] = seen.GetValueOrDefault(anchor) + 1;
            yield return count == 1 ? anchor : $"{anchor}-{count - 1}";
        }
    }

    [GeneratedRegex(@"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(<?([^)\s>]+)>?(?:\s+""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^\[[^\]]+\]:\s*(\S+)", RegexOptions.Multiline)]
    private static partial Regex Reference();

    [GeneratedRegex("^ *```.*?^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex("<a (?:id|name)=\"([^\"]+)\"")]
    private static partial Regex Named();

    [GeneratedRegex("^#{1,6} +(.*)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotOfAnchors();
}
