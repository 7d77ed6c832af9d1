using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Logs;
using AkkaJoin.Cockpit.Nodes;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Settings;
using Microsoft.Extensions.Logging;

namespace AkkaJoin.Cockpit.Palettes;

/// <summary>The commands of the palette <c>log</c>: the node's last log entries, and which are written.</summary>
static class LogPalette
{
    const int CountStandard = 50;
    static readonly IReadOnlyList<string> Words = [.. LogSettings.Words.Select(word => word.Word)];

    internal static IReadOnlyList<NodeCommand> Commands { get; } =
    [
        // An entry may show the key of a record that the broker refused.
        new NodeCommand<LogReport>(
            "log",
            "peek",
            "The node's last log entries, the newest last",
            Right.Data,
            [
                new CommandParameter("level", "The least level: debug, info, warning or error") { Words = [.. Words.Take(4)] },
                new CommandParameter("count", "The most entries, 1 to 1000; 50 where it is not given"),
            ],
            (node, call) => Task.FromResult(Peek(LogOf(node), call)),
            Write),
        new NodeCommand<LogLevelReport>(
            "log",
            "set-level",
            "Changes which log entries the node writes, until it ends",
            Right.Act,
            [
                new CommandParameter("level", "The least level that is written; none = nothing is")
                {
                    IsPositional = true,
                    IsRequired = true,
                    Words = Words,
                },
                new CommandParameter("category", "The category, such as kafka or key-groups; without it whatever has no level of its own")
                {
                    IsPositional = true,
                },
            ],
            (node, call) => Task.FromResult(SetLevel(LogOf(node), call)),
            Write),
    ];

    /// <summary>The entries that a call asks for.</summary>
    internal static LogReport Peek(NodeLog log, CommandCall call)
    {
        var count = call.Number("count", CountStandard, 1, LogRing.EntriesMax);
        var least = call.Find("level") is null ? LogLevel.Debug : Level(call);
        var entries = log.Ring.Entries().Where(entry => entry.Level >= least).TakeLast(count);
        return new LogReport(
            [.. entries.Select(e => new LogReportEntry(e.Time, LogLines.Word(e.Level), e.Category, e.Message, e.Trace))]);
    }

    /// <summary>Changes the level that a call names.</summary>
    internal static LogLevelReport SetLevel(NodeLog log, CommandCall call)
    {
        log.Levels.Set(call.Find("category"), Level(call));
        return new LogLevelReport(Word(log.Levels.General), log.Levels.Named.ToDictionary(named => named.Key, named => Word(named.Value)));
    }

    static NodeLog LogOf(CockpitNode node) =>
        NodeLog.Of(node.System) ?? throw new CommandException("the application that this node belongs to writes the log; ask it");

    static LogLevel Level(CommandCall call)
    {
        var text = call.Get("level");
        foreach (var (word, level) in LogSettings.Words)
        {
            if (word == text)
                return level;
        }

        throw new CommandException($"'level' is one of {string.Join(", ", Words)}; it is '{text}'");
    }

    static string Word(LogLevel level) => LogSettings.Words.First(word => word.Level == level).Word;

    static void Write(LogReport report, TextWriter output)
    {
        foreach (var e in report.Entries)
            output.WriteLine(LogLines.Text(new LogEntry(e.Time, LevelOf(e.Level), e.Category, e.Message, e.Trace)));
        if (report.Entries.Count == 0)
            output.WriteLine("no entries");
    }

    static LogLevel LevelOf(string word) => Enum.GetValues<LogLevel>().First(level => LogLines.Word(level) == word);

    static void Write(LogLevelReport report, TextWriter output)
    {
        output.WriteLine($"level {report.Level}");
        foreach (var (category, level) in report.Categories.OrderBy(named => named.Key, StringComparer.Ordinal))
            output.WriteLine($"  {category}: {level}");
    }
}
