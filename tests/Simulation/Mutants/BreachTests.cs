using AkkaJoin.Shards.Tests;
using Xunit;
using Xunit.Abstractions;

namespace AkkaJoin.Simulation.Mutants;

/// <summary>
/// Where the invariants are checked, as in the configuration Checked, a bug that breaks one is found by that check: the
/// failure names the invariant, before anything wrong comes out.
/// </summary>
public sealed class BreachTests(ITestOutputHelper output)
{
    /// <summary>Each with the name of the invariant that it breaks.</summary>
    internal static IReadOnlyList<Mutant> All { get; } =
    [
        new(
            "events are applied in order, each once",
            "Shards/KeyGroups/RecoveryRules.cs",
            "if (sequence != group.Sequence + 1)", "if (sequence < 0)"),
        new(
            "no event leaves a gap",
            "Shards/KeyGroups/KeyGroupIntake.cs",
            "if (header.From > expected)", "if (header.From > expected + 100)"),
        new("the bytes are those of the messages that wait", "Shards/KeyGroups/PendingEvent.cs", "        _bytes -= bytes;\n", ""),
        new(
            "applied offsets never go back",
            "Shards/Partitions/PartitionClock.cs",
            "return offset > AppliedOffset ?", "return offset > -2 ?"),
        new(
            "each partition that has a watermark stands in the order once",
            "Shards/Partitions/SidePartitions.cs",
            "_active.Remove((clock.Watermark, partition))", "true"),
        new(
            "what is acknowledged is applied",
            "Shards/KeyGroups/AnswerQueue.cs",
            "if (!state.Clocks.HaveApplied(ack.Applied))", "if (state.Sequence < 0)"),
        new(
            "the events of an acknowledgement are confirmed",
            "Shards/KeyGroups/AnswerQueue.cs",
            "else if (state.Sequence <= LastConfirmed)", "else if (state.Sequence >= 0)"),
        new(
            "bytes are counted while there are rows, and only then",
            "Shards/KeyGroups/Confirmations.cs",
            "Bytes -= node.Value.Bytes.Length;", "Bytes -= 1;"),
    ];

    public static TheoryData<string> Names => [.. LongForm.Sample(All, every: 4).Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_check_names_the_invariant_that_a_bug_breaks(string invariant)
    {
        var mutant = All.Single(m => m.Name == invariant);
        var world = new MutantWorld("AkkaJoin.Shards", MutantCompiler.Compile(mutant, isChecked: true));
        var failure = world.FirstFailure(1, MutantTests.Seeds);
        world.Unload();
        Assert.NotNull(failure);
        output.WriteLine(failure.Split('\n')[0]);
        Assert.Contains("invariant broken: " + invariant, failure, StringComparison.Ordinal);
    }
}
