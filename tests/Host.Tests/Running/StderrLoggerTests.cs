using Akka.Event;
using AkkaJoin.Host.Running;
using AkkaJoin.Shards.Journal;
using Xunit;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>The log on standard error.</summary>
public sealed class StderrLoggerTests
{
    [Fact]
    public void An_entry_is_one_line_though_a_database_adds_details_below_what_it_says()
    {
        const string said = "57P03: it is starting\n\nDETAIL: nothing is told\n";
        Assert.EndsWith(" ERROR it failed: 57P03: it is starting; DETAIL: nothing is told", StderrLogger.Line(Entry($"it failed: {said}")), StringComparison.Ordinal);
        Assert.EndsWith(
            " ERROR it failed: 57P03: it is starting; DETAIL: nothing is told", StderrLogger.Line(Entry("it failed", new JournalException(said))), StringComparison.Ordinal);
    }

    [Fact]
    public void The_trace_of_a_defect_stays_below_its_line() =>
        Assert.Contains("\n", StderrLogger.Line(Entry("it failed", new InvalidOperationException("a\nb"))), StringComparison.Ordinal);

    static Error Entry(string message, Exception? cause = null) => new(cause, "test", typeof(StderrLoggerTests), message);
}
