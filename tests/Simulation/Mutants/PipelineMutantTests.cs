using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Simulation.Mutants;

/// <summary>The bugs in the pipeline, in a class of their own so that they are looked for beside the others.</summary>
public sealed class PipelineMutantTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => MutantTests.Of("Pipeline");

    [Theory]
    [MemberData(nameof(Names))]
    public void The_simulation_finds_a_bug_in_the_sources(string name) => MutantTests.Find(name, output);
}
