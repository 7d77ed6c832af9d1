using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace AkkaJoin.House.Tests.Tidy;

/// <summary>How long lines, files and methods may be, where a type stands, and that somebody uses it.</summary>
public class TidyTests
{
    const int CodeColumns = 140;
    const int ProseColumns = 120;
    const int FileLines = 400;
    const int MethodLines = 60;

    [Fact]
    public void Lines_of_code_have_140_columns() => Breaches.AreNoMore(
        "Tidy/LongLines.allowed.txt",
        from file in SourceFile.All
        from line in LongLines(file.Text, CodeColumns)
        select (Part(file.Path), $"{file.Path}:{line}"));

    [Fact]
    public void Lines_of_prose_have_120_columns() => Breaches.AreNoMore(
        "Tidy/LongProse.allowed.txt",
        (from path in Repository.Files("*.md")
         from line in Prose.LongLines(File.ReadAllLines(Path.Combine(Product.Root, path)), ProseColumns)
         select ("documents", $"{path}:{line}"))
        .Concat(
            from file in SourceFile.All
            from line in Prose.LongComments(file.Text.Split('\n'), ProseColumns)
            select (Part(file.Path), $"{file.Path}:{line}")));

    [Fact]
    public void Files_have_400_lines() => Breaches.AreAllowed(
        "Tidy/LongFiles.allowed.txt",
        from file in SourceFile.Product
        let lines = file.Text.Split('\n').Count(l => !l.TrimStart().StartsWith("//", StringComparison.Ordinal))
        where lines > FileLines
        select (Path.GetFileName(file.Path), $"has {lines} lines without comments; over {FileLines} are two concerns"));

    [Fact]
    public void Methods_have_60_lines() => Breaches.AreAllowed(
        "Tidy/LongMethods.allowed.txt",
        from file in SourceFile.Product
        from method in file.Tree.DescendantNodes().OfType<BaseMethodDeclarationSyntax>()
        let lines = SourceFile.Lines(method)
        where lines > MethodLines
        select ($"{Path.GetFileName(file.Path)} {NameOf(method)}", $"has {lines} lines; at most {MethodLines} can be read at once"));

    [Fact]
    public void A_namespace_is_its_folder() => Breaches.AreAllowed(
        "Tidy/Namespaces.allowed.txt",
        from file in SourceFile.Product
        from space in file.Tree.Members.OfType<BaseNamespaceDeclarationSyntax>()
        let folder = "AkkaJoin." + Path.GetDirectoryName(file.Path)!["src/".Length..].Replace('/', '.').Replace('\\', '.')
        where space.Name.ToString() != folder
        select (file.Path, $"is in namespace {space.Name}, and not {folder}"));

    [Fact]
    public void Every_type_has_a_use()
    {
        // By name: constants leave no trace in an assembly. What a configuration names, it uses.
        var named = SourceFile.Product
            .SelectMany(f => f.Tree.DescendantTokens().Where(t => t.IsKind(SyntaxKind.IdentifierToken)))
            .Where(t => t.Parent is not (BaseTypeDeclarationSyntax or DelegateDeclarationSyntax or ConstructorDeclarationSyntax))
            .Where(t => OwnerOf(t) != t.Text)
            .Select(t => t.Text)
            .ToHashSet();
        var configured = string.Join('\n', Repository.Files("*.conf").Select(f => File.ReadAllText(Path.Combine(Product.Root, f))));
        var written = string.Join('\n', SourceFile.Product.SelectMany(f => f.Tree.DescendantTokens()).Where(IsText).Select(t => t.Text));
        Breaches.AreAllowed(
            "Tidy/UnusedTypes.allowed.txt",
            from file in SourceFile.Product
            from type in file.Tree.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
            let name = type.Identifier.Text
            where !type.Modifiers.Any(SyntaxKind.PublicKeyword) && !HoldsExtensions(type)
            where !named.Contains(name) && !configured.Contains($".{name},", StringComparison.Ordinal)
            where !written.Contains($".{name},", StringComparison.Ordinal)
            select (name, $"of {file.Path} is used nowhere in src"));
    }

    [Theory]
    [InlineData("a line of four words", 10, "1")]
    [InlineData("short", 10, "")]
    [InlineData("| a table may be long |", 10, "")]
    [InlineData("    code that is long", 10, "")]
    [InlineData("[a](https://example.org/long)", 10, "")]
    [InlineData("```\ncode that is long\n```\nand prose behind it", 10, "4")]
    public void Prose_is_told_from_tables_code_and_links(string text, int columns, string lines) =>
        Assert.Equal(lines, string.Join(", ", Prose.LongLines(text.Split('\n'), columns)));

    [Theory]
    [InlineData("/// a comment of many words", 10, "1")]
    [InlineData("    // a comment of many words", 10, "1")]
    [InlineData("var code = isNoComment; // whatever", 10, "")]
    [InlineData("/// <code>\n/// a sample that is long\n/// </code>\n/// and prose behind it", 10, "4")]
    public void Comments_are_told_from_code_and_samples(string text, int columns, string lines) =>
        Assert.Equal(lines, string.Join(", ", Prose.LongComments(text.Split('\n'), columns)));

    static List<int> LongLines(string text, int columns) =>
        [.. text.Split('\n').Index().Where(l => l.Item.TrimEnd('\r').Length > columns).Select(l => l.Index + 1)];

    static string NameOf(BaseMethodDeclarationSyntax method) => method switch
    {
        MethodDeclarationSyntax m => m.Identifier.Text,
        ConstructorDeclarationSyntax c => c.Identifier.Text,
        _ => method.Kind().ToString(),
    };

    // The project: a file may move within it.
    static string Part(string path) => string.Join('/', path.Split('/').Take(path.StartsWith("bench", StringComparison.Ordinal) ? 1 : 2));

    static bool IsText(SyntaxToken token) => token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken
        or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken;

    // A type that is named within itself alone is not used.
    static string? OwnerOf(SyntaxToken token) => token.Parent?.AncestorsAndSelf().OfType<BaseTypeDeclarationSyntax>()
        .FirstOrDefault(t => t.Identifier.Text == token.Text)?.Identifier.Text;

    // Its members are called on other types.
    static bool HoldsExtensions(BaseTypeDeclarationSyntax type) =>
        type.DescendantNodes().OfType<ParameterSyntax>().Any(p => p.Modifiers.Any(SyntaxKind.ThisKeyword))
        || type.DescendantTokens().Any(t => t.Text == "extension");
}
