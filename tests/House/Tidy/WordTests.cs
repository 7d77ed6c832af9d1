using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace AkkaJoin.House.Tests.Tidy;

/// <summary>One word for one thing: words that docs/glossary.md replaces name nothing in src.</summary>
public partial class WordTests
{
    // Parts of identifiers, in lower case, and what to say.
    static readonly Dictionary<string, string> Replaced = new()
    {
        ["covered"] = "applied",
        ["coverage"] = "applied offsets",
        ["through"] = "...Offset or ...Before where it is exclusive, Last... or Highest... where it is inclusive",
        ["lane"] = "send buffer",
        ["lanes"] = "send buffers",
        ["resting"] = "waiting",
        ["collapsed"] = "lefts",
        ["settle"] = "due",
        ["settled"] = "due, or confirmed",
        ["judge"] = "validator",
        ["judging"] = "validating",
        ["verdict"] = "validation result",
        ["home"] = "location",
        ["place"] = "location, address or origin",
    };

    // Whole identifiers.
    static readonly Dictionary<string, string> ReplacedNames = new()
    {
        ["KeepAlive"] = "KeyGroupStarter",
        ["CloseTime"] = "EndInput",
        ["DriftGate"] = "WatermarkAlignment",
        ["NodeFloor"] = "NodeWatermark",
        ["Begin"] = "a verb that says what begins",
        ["Take"] = "a verb that says what is taken, and where from",
        ["Release"] = "a verb that says what is given back",
        ["Hold"] = "a verb that says what is kept, and why",
    };

    [Fact]
    public void A_word_that_the_glossary_replaces_names_nothing() => Breaches.AreAllowed(
        "Tidy/Words.allowed.txt",
        from found in SourceFile.Product.SelectMany(file => Declared(file.Tree).Distinct().Select(name => (file.Path, Name: name)))
        let instead = Instead(found.Name)
        where instead != null
        group found.Path by (found.Name, instead) into name
        select (name.Key.Name, $"of {string.Join(", ", name)}: say {name.Key.instead}"));

    [Theory]
    [InlineData("CoveredBy", true)]
    [InlineData("_isCovered", true)]
    [InlineData("Discovered", false)]
    [InlineData("Begin", true)]
    [InlineData("BeginWrite", false)]
    public void Words_are_parts_of_names(string name, bool isReplaced) => Assert.Equal(isReplaced, Instead(name) != null);

    static string? Instead(string name) => ReplacedNames.GetValueOrDefault(name)
        ?? Part().Matches(name).Select(m => Replaced.GetValueOrDefault(m.Value.ToLowerInvariant())).FirstOrDefault(instead => instead != null);

    // What a file gives names to: types, members, parameters and variables.
    static IEnumerable<string> Declared(CompilationUnitSyntax tree) =>
        from token in tree.DescendantTokens()
        where token.IsKind(SyntaxKind.IdentifierToken)
        where token.Parent is BaseTypeDeclarationSyntax or MethodDeclarationSyntax or PropertyDeclarationSyntax or VariableDeclaratorSyntax
            or ParameterSyntax or LocalFunctionStatementSyntax or EnumMemberDeclarationSyntax or DelegateDeclarationSyntax
            or SingleVariableDesignationSyntax or ForEachStatementSyntax
        where !IsOverride(token.Parent)
        select token.Text;

    // The name is somebody else's.
    static bool IsOverride(SyntaxNode? node) => node is MemberDeclarationSyntax member && member.Modifiers.Any(SyntaxKind.OverrideKeyword);

    [GeneratedRegex("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")]
    private static partial Regex Part();
}
