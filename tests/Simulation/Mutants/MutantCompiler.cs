using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace AkkaJoin.Simulation.Mutants;

/// <summary>Compiles a project of the repository in memory with one text replaced. The sources are parsed once.</summary>
static class MutantCompiler
{
    static readonly CSharpParseOptions Parsing = new(LanguageVersion.Preview);
    static readonly CSharpParseOptions ParsingChecked = Parsing.WithPreprocessorSymbols("CHECKED");
    static readonly ConcurrentDictionary<(string Project, bool IsChecked), CSharpCompilation> Projects = new();

    /// <summary>What the build generates: the implicit usings, and those of the project files.</summary>
    const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using AkkaJoin.Shards;

        """;

    /// <summary>Compiles the mutant's project.</summary>
    /// <param name="mutant">The mutant.</param>
    /// <param name="isChecked">Whether the invariants are checked, as in the configuration Checked.</param>
    /// <exception cref="InvalidOperationException">The text is not there exactly once, or what comes out does not compile.</exception>
    internal static byte[] Compile(Mutant mutant, bool isChecked = false)
    {
        var compilation = Projects.GetOrAdd((mutant.Project, isChecked), key => Project(key.Project, Options(key.IsChecked)));
        var path = Path.Combine(Repository.Source, mutant.File);
        var tree = compilation.SyntaxTrees.FirstOrDefault(t => t.FilePath == path)
            ?? throw new InvalidOperationException($"the mutant '{mutant.Name}' no longer applies: there is no {mutant.File}");
        var text = tree.ToString();
        var at = Position(mutant, text);
        var mutated = SourceText.From(text[..at] + mutant.Instead + text[(at + mutant.Text.Length)..]);
        using var assembly = new MemoryStream();
        var result = compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(mutated, Options(isChecked), path)).Emit(assembly);
        return result.Success ? assembly.ToArray() : throw new InvalidOperationException(
            $"the mutant '{mutant.Name}' does not compile: {string.Join("; ", result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(3))}");
    }

    /// <summary>The text of a mutant's file.</summary>
    internal static string Text(Mutant mutant) => File.ReadAllText(Path.Combine(Repository.Source, mutant.File));

    /// <summary>Where in its file the mutant's text stands.</summary>
    /// <exception cref="InvalidOperationException">It is not there exactly once.</exception>
    internal static int Position(Mutant mutant, string text)
    {
        var at = text.IndexOf(mutant.Text, StringComparison.Ordinal);
        return at >= 0 && text.IndexOf(mutant.Text, at + 1, StringComparison.Ordinal) < 0
            ? at
            : throw new InvalidOperationException(
                $"the mutant '{mutant.Name}' no longer applies: {mutant.File} must hold exactly once: {mutant.Text}");
    }

    static CSharpParseOptions Options(bool isChecked) => isChecked ? ParsingChecked : Parsing;

    static CSharpCompilation Project(string name, CSharpParseOptions parsing)
    {
        var assembly = "AkkaJoin." + name;
        var files = Directory.GetFiles(Path.Combine(Repository.Source, name), "*.cs", SearchOption.AllDirectories)
            .Where(f => !Path.GetRelativePath(Repository.Source, f).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));
        var trees = files.Order(StringComparer.Ordinal)
            .Select(f => WithBodies(CSharpSyntaxTree.ParseText(SourceText.From(File.ReadAllText(f)), parsing, f)));
        return CSharpCompilation.Create(
            assembly,
            [.. trees, CSharpSyntaxTree.ParseText(GlobalUsings + Friends(assembly), parsing)],
            References(assembly),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                optimizationLevel: OptimizationLevel.Release,
                allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable));
    }

    // The build generates what calls native code. The simulation calls none.
    static SyntaxTree WithBodies(SyntaxTree tree)
    {
        var root = tree.GetRoot();
        var bodiless = root.DescendantNodes().OfType<MethodDeclarationSyntax>()
            .Where(m => m.Modifiers.Any(SyntaxKind.PartialKeyword) && m.Body is null && m.ExpressionBody is null).ToList();
        if (bodiless.Count == 0)
            return tree;
        var body = SyntaxFactory.ArrowExpressionClause(SyntaxFactory.ParseExpression("throw new System.NotSupportedException()"));
        root = root.ReplaceNodes(bodiless, (_, method) => method
            .WithAttributeLists(default)
            .WithModifiers(SyntaxFactory.TokenList(method.Modifiers.Where(m => !m.IsKind(SyntaxKind.PartialKeyword))))
            .WithExpressionBody(body));
        return tree.WithRootAndOptions(root, tree.Options);
    }

    // As the real assembly has them.
    static string Friends(string assembly) => string.Concat(System.Reflection.Assembly.Load(assembly)
        .GetCustomAttributes(typeof(InternalsVisibleToAttribute), inherit: false).Cast<InternalsVisibleToAttribute>()
        .Select(a => $"[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"{a.AssemblyName}\")]\n"));

    // What this process runs with is what the build referred to.
    static IEnumerable<MetadataReference> References(string assembly) => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator).Where(p => Path.GetFileNameWithoutExtension(p) != assembly).Select(p => MetadataReference.CreateFromFile(p));
}
