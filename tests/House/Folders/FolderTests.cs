using System.Text;
using Xunit;

namespace AkkaJoin.House.Tests.Folders;

/// <summary>
/// Folders form no cycles, and assemblies refer to each other one way. <c>AKKAJOIN_HOUSE=strict dotnet test tests/House</c> prints every
/// knot that is still allowed, each of its edges with the types that make it.
/// </summary>
public class FolderTests
{
    // How many pairs of types an edge is printed with.
    const int MostExamples = 12;

    [Theory]
    [InlineData("Shards")]
    [InlineData("Pipeline")]
    [InlineData("Cockpit")]
    [InlineData("Host")]
    public void Folders_form_no_cycle(string assembly)
    {
        var knots = FolderGraph.Read(assembly).Knots().ToList();
        var allowed = new AllowList($"Folders/{assembly}.allowed.txt");
        var report = new StringBuilder();
        foreach (var knot in knots.Where(k => k.Any(e => !allowed.Contains(e.ToString()))))
            Describe(knot, allowed, report);
        foreach (var line in allowed.NoLongerNeeded(knots.SelectMany(k => k).Select(e => e.ToString())))
            report.AppendLine(line);
        Assert.True(report.Length == 0, $"\n{report}");
    }

    [Fact]
    public void Assemblies_refer_one_way()
    {
        for (var i = 0; i < Product.Assemblies.Length; i++)
        {
            using var assembly = Product.Read(Product.Assemblies[i]);
            var above = Product.Assemblies[i..].Select(Product.AssemblyName);
            Assert.Empty(assembly.MainModule.AssemblyReferences.Select(r => r.Name).Intersect(above));
        }
    }

    [Fact]
    public void A_cycle_is_found_and_what_hangs_on_it_is_not()
    {
        var knots = FolderGraph.Of(("top", "a"), ("a", "b"), ("b", "c"), ("c", "a"), ("c", "below"), ("x", "y"), ("y", "x")).Knots();
        Assert.Equal(["a -> b, b -> c, c -> a", "x -> y, y -> x"], knots.Select(k => string.Join(", ", k)));
    }

    [Fact]
    public void No_cycle_is_found_where_there_is_none() =>
        Assert.Empty(FolderGraph.Of(("a", "b"), ("a", "c"), ("b", "c")).Knots());

    static void Describe(IReadOnlyList<FolderEdge> knot, AllowList allowed, StringBuilder report)
    {
        report.AppendLine($"a cycle of {knot.Select(e => e.From).Distinct().Count()} folders: {string.Join(", ", knot.Select(e => e.From).Distinct())}");
        foreach (var edge in knot)
        {
            report.Append($"  {edge}{(allowed.Contains(edge.ToString()) ? "" : " (new)")}, {edge.Examples.Count} uses: ");
            report.Append(string.Join(", ", edge.Examples.Take(MostExamples)));
            report.AppendLine(edge.Examples.Count > MostExamples ? ", ..." : "");
        }
    }
}
