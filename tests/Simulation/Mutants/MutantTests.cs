using AkkaJoin.Simulation.World;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Simulation.Mutants;

/// <summary>The simulation can fail: it finds each of these bugs within some hundred seeds, and is given more.</summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    /// <summary>In how many seeds a bug is looked for.</summary>
    internal const int Seeds = 2_000;

    public static TheoryData<string> Names => Of("Shards");

    [Theory]
    [MemberData(nameof(Names))]
    public void The_simulation_finds_a_bug_in_the_sources(string name) => Find(name, output);

    [Theory]
    [InlineData(nameof(Flaw.NoFence))]
    [InlineData(nameof(Flaw.NumbersAlone))]
    [InlineData(nameof(Flaw.OldSnapshots))]
    [InlineData(nameof(Flaw.OldDeletions))]
    [InlineData(nameof(Flaw.ConfirmsBeforeTheBroker))]
    [InlineData(nameof(Flaw.SavesTheManifestBeforeItsLastChunk))]
    [InlineData(nameof(Flaw.IgnoresFailedPersists))]
    public void The_simulation_finds_a_bug_around_them(string name)
    {
        var flaw = Enum.Parse<Flaw>(name);
        var failure = Enumerable.Range(1, Seeds).Select(seed => SimulationRun.Failure(seed, flaw, out _)).FirstOrDefault(f => f is not null);
        Assert.True(failure is not null, $"{Seeds} seeds do not find: {name}");
        output.WriteLine(failure.Split('\n')[0]);
    }

    /// <summary>The names of a project's mutants.</summary>
    internal static TheoryData<string> Of(string project) => [.. MutantList.All.Where(m => m.Project == project).Select(m => m.Name)];

    internal static void Find(string name, ITestOutputHelper output)
    {
        var mutant = MutantList.All.Single(m => m.Name == name);
        var world = new MutantWorld("AkkaJoin." + mutant.Project, MutantCompiler.Compile(mutant));
        var failure = world.FirstFailure(Seeds);
        world.Unload();
        Assert.True(failure is not null, $"{Seeds} seeds do not find: {name}");
        output.WriteLine(failure.Split('\n')[0]);
    }
}
