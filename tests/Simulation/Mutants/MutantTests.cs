using System.Globalization;
using AkkaJoin.Shards.Tests;
using AkkaJoin.Simulation.Load;
using AkkaJoin.Simulation.World;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Simulation.Mutants;

/// <summary>
/// The simulation can fail: it finds each of these bugs within some hundred seeds, and is given more. The short form looks for a sample
/// of them, and sees of the others that they still apply.
/// </summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    /// <summary>In how many seeds a bug is looked for.</summary>
    internal const int Seeds = 2_000;

    const int Every = 12;

    static readonly Flaw[] Flaws =
    [
        Flaw.NoFence, Flaw.NumbersAlone, Flaw.OldSnapshots, Flaw.OldDeletions, Flaw.ConfirmsBeforeTheBroker,
        Flaw.SavesTheManifestBeforeItsLastSegment, Flaw.IgnoresFailedPersists,
    ];

    public static TheoryData<string> Names => Of("Shards");

    public static TheoryData<string> FlawNames => [.. LongForm.Sample(Flaws, Every).Select(f => f.ToString())];

    [Fact]
    public void Every_mutant_applies_to_the_sources() =>
        Assert.All([.. MutantList.All, .. BreachTests.All], m => MutantCompiler.Position(m, MutantCompiler.Text(m)));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_simulation_finds_a_bug_in_the_sources(string name) => Find(name, output);

    [Theory]
    [MemberData(nameof(FlawNames))]
    public void The_simulation_finds_a_bug_around_them(string name)
    {
        var flaw = Enum.Parse<Flaw>(name);
        var failure = Enumerable.Range(1, Seeds).Select(seed => SimulationRun.Failure(seed, flaw, out _)).FirstOrDefault(f => f is not null);
        Show(name, failure, output);
    }

    /// <summary>The names of a project's mutants, or of a sample of them.</summary>
    internal static TheoryData<string> Of(string project) =>
        [.. LongForm.Sample(MutantList.All.Where(m => m.Project == project), Every).Select(m => m.Name)];

    internal static void Find(string name, ITestOutputHelper output)
    {
        var mutant = MutantList.All.Single(m => m.Name == name);
        var world = new MutantWorld("AkkaJoin." + mutant.Project, MutantCompiler.Compile(mutant));
        var seeds = int.Parse(Environment.GetEnvironmentVariable("AKKAJOIN_TEST_MUTANT_SEEDS") ?? $"{Seeds}", CultureInfo.InvariantCulture);
        var (from, end) = (1, seeds + 1);
        var failure = world.FirstFailure(from, end - from, mutant.Leaning);

        // A seed that fails without the bug has not found it.
        while (failure is not null && SimulationRun.Failure(SeedOf(failure), Flaw.None, out _, mutant.Leaning) is not null)
        {
            from = SeedOf(failure) + 1;
            failure = world.FirstFailure(from, end - from, mutant.Leaning);
        }

        world.Unload();
        Show(name, failure, output, mutant.Leaning);
    }

    static void Show(string name, string? failure, ITestOutputHelper output, Leaning leaning = Leaning.None)
    {
        Assert.True(failure is not null, $"{Seeds} seeds do not find: {name}");
        output.WriteLine(failure.Split('\n')[0]);
        Assert.True(
            SimulationRun.Failure(SeedOf(failure), Flaw.None, out _, leaning) is null,
            $"seed {SeedOf(failure)} fails without any bug, so it does not find: {name}");
    }

    static int SeedOf(string failure) =>
        int.Parse(failure.AsSpan("seed ".Length, failure.IndexOf(':', StringComparison.Ordinal) - "seed ".Length), CultureInfo.InvariantCulture);
}
