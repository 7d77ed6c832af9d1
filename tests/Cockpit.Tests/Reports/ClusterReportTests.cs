using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Fields;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Reports;

public sealed class ClusterReportTests
{
    [Fact]
    public void Without_examples_it_has_the_counts_of_dead_letters_and_nothing_that_a_record_held()
    {
        var side = SideCounts.None with
        {
            Read = 9,
            DeadLetters = new Dictionary<string, long> { ["bad-time"] = 2 },
            Examples = new Dictionary<string, string> { ["bad-time"] = "the time is \"secret\"" },
        };
        var report = new ClusterReport([], [new JoinReport("j", []) { Input = new InputCounts(side, side, []) }]).WithoutExamples();

        var input = report.Joins[0].Input!;
        Assert.All([input.Left, input.Right], counts =>
        {
            Assert.Equal((9, 2), (counts.Read, counts.DeadLettered));
            Assert.Empty(counts.Examples);
        });
    }
}
