using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AkkaJoin.House.Tests.Tidy;

/// <summary>A C# file of the repository, parsed.</summary>
/// <param name="Path">Relative to the root, with slashes.</param>
/// <param name="Text">What is in it.</param>
/// <param name="Tree">Its syntax.</param>
sealed record SourceFile(string Path, string Text, CompilationUnitSyntax Tree)
{
    static readonly Lazy<IReadOnlyList<SourceFile>> Every = new(() => [.. Repository.Files("*.cs").AsParallel().AsOrdered().Select(Parse)]);

    /// <summary>Those of src, tests and bench.</summary>
    public static IReadOnlyList<SourceFile> All => Every.Value;

    /// <summary>Those of src.</summary>
    public static IEnumerable<SourceFile> Product => All.Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal));

    /// <summary>How many lines a piece of it has.</summary>
    public static int Lines(SyntaxNode node)
    {
        var span = node.SyntaxTree.GetLineSpan(node.Span);
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }

    static SourceFile Parse(string path)
    {
        var text = File.ReadAllText(System.IO.Path.Combine(Tests.Product.Root, path));
        return new SourceFile(path, text, CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview)).GetCompilationUnitRoot());
    }
}
