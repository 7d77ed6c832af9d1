using System.Text.Json;
using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Logs;
using AkkaJoin.Cockpit.Palettes;
using AkkaJoin.Pipeline.Settings;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AkkaJoin.Cockpit.Tests.Logs;

/// <summary>The node's log and the commands of the palette <c>log</c>.</summary>
public sealed class NodeLogTests
{
    static readonly DateTimeOffset At = new(2026, 11, 29, 9, 1, 2, 345, TimeSpan.FromHours(2));

    [Fact]
    public void A_line_has_date_and_time_with_zone_level_category_and_message()
    {
        var (log, output) = Log(new LogSettings());
        log.Write(new LogEntry(At, LogLevel.Warning, "kafka.consuming", "the broker is away", null));
        log.Write(new LogEntry(At, LogLevel.Error, "node", "unexpected", "System.Exception: x\n   at y"));
        Assert.Equal(
            "2026-11-29 07:01:02.345Z WARN  kafka.consuming: the broker is away\n"
            + "2026-11-29 07:01:02.345Z ERROR node: unexpected: System.Exception: x\n   at y\n",
            output.ToString());
    }

    [Fact]
    public void As_json_an_entry_is_an_object_on_a_line()
    {
        var (log, output) = Log(new LogSettings { Format = LogFormat.Json });
        log.Write(new LogEntry(At, LogLevel.Error, "node", "it's \"so\"", "a\nb"));
        var line = Assert.Single(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var fields = JsonSerializer.Deserialize<Dictionary<string, string>>(line)!;
        Assert.Equal(("2026-11-29T07:01:02.345Z", "error", "node", "it's \"so\"", "a\nb"),
            (fields["time"], fields["level"], fields["category"], fields["message"], fields["trace"]));
    }

    [Fact]
    public void The_longest_name_of_a_category_says_its_level()
    {
        var levels = new LogLevels(
            new LogSettings { Levels = new Dictionary<string, LogLevel> { ["kafka"] = LogLevel.Debug, ["kafka.native"] = LogLevel.None } });
        Assert.True(levels.IsOn("kafka.consuming", LogLevel.Debug));
        Assert.False(levels.IsOn("kafka.native", LogLevel.Error));
        Assert.False(levels.IsOn("kafkaesque", LogLevel.Debug));
        Assert.True(levels.IsOn("node", LogLevel.Information));
        Assert.False(levels.IsOn("Microsoft.AspNetCore.Hosting", LogLevel.Information));
    }

    [Fact]
    public void A_level_changes_while_the_node_runs()
    {
        var (log, output) = Log(new LogSettings());
        var logger = log.CreateLogger("journal");
        logger.LogDebug("one");
        var report = LogPalette.SetLevel(log, Call(("level", "debug"), ("category", "journal")));
        logger.LogDebug("two");
        LogPalette.SetLevel(log, Call(("level", "none")));
        log.CreateLogger("node").LogError("three");

        Assert.EndsWith("DEBUG journal: two\n", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("one", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("three", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(("info", "debug"), (report.Level, report.Categories["journal"]));
    }

    [Fact]
    public void Peek_shows_the_last_entries_of_a_level_and_no_more_than_are_kept()
    {
        var (log, _) = Log(new LogSettings());
        for (var i = 0; i < LogRing.EntriesMax + 10; i++)
            log.Write(new LogEntry(At, i % 2 == 0 ? LogLevel.Information : LogLevel.Warning, "node", $"{i}", null));

        var last = LogPalette.Peek(log, Call(("level", "warning"), ("count", "2"))).Entries;
        Assert.Equal(["1007", "1009"], last.Select(entry => entry.Message));
        var all = LogPalette.Peek(log, Call(("count", "1000"))).Entries;
        Assert.Equal(("10", "1009", 1_000), (all[0].Message, all[^1].Message, all.Count));
    }

    [Fact]
    public void A_level_that_is_none_is_refused_with_the_words_there_are() =>
        Assert.Contains(
            "'level' is one of debug, info, warning, error, none; it is 'loud'",
            Assert.Throws<CommandException>(() => LogPalette.SetLevel(Log(new LogSettings()).Log, Call(("level", "loud")))).Message,
            StringComparison.Ordinal);

    static (NodeLog Log, StringWriter Output) Log(LogSettings settings)
    {
        var output = new StringWriter { NewLine = "\n" };
        return (new NodeLog(settings, output), output);
    }

    static CommandCall Call(params (string Name, string Value)[] arguments) =>
        new(arguments.ToDictionary(argument => argument.Name, argument => argument.Value), "test", CancellationToken.None);
}
