using System.Globalization;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Shards.Join;
using Spectre.Console;

namespace AkkaJoin.Host.Demo;

/// <summary>Shows how a join goes: a table that changes in place on a terminal, plain lines elsewhere.</summary>
sealed class DemoProgress(IAnsiConsole console, bool quiet)
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(1);
    long _lastConsumed;
    DateTime _lastAt = DateTime.UtcNow;

    /// <summary>Shows the join until it has ended.</summary>
    internal async Task WatchAsync(RunningJoin join)
    {
        if (quiet)
        {
            await join.Completion;
        }
        else if (console.Profile.Capabilities.Interactive && console.Profile.Out.IsTerminal)
        {
            await console.Live(new Text("")).AutoClear(false).StartAsync(async live =>
            {
                await EachAsync(join, Interval, status => live.UpdateTarget(Table(status)));
            });
        }
        else
        {
            await EachAsync(join, LineInterval, status => console.WriteLine(Line(status)));
        }
    }

    static async Task EachAsync(RunningJoin join, TimeSpan interval, Action<JoinStatus> show)
    {
        while (await Task.WhenAny(join.Completion, Task.Delay(interval)) != join.Completion)
        {
            if (await StatusAsync(join) is { } status)
                show(status);
        }

        if (join.Completion is { IsCompletedSuccessfully: true, Result.Status: { } last })
            show(last);
        await join.Completion;
    }

    // A question that crosses the end of the join has no answer.
    static async Task<JoinStatus?> StatusAsync(RunningJoin join)
    {
        var asked = join.StatusAsync();
        var first = await Task.WhenAny(asked, join.Completion);
        return first == asked && asked.IsCompletedSuccessfully ? asked.Result : null;
    }

    static string Watermark(IEnumerable<long> watermarks)
    {
        var lowest = watermarks.DefaultIfEmpty(SideWatermarks.None).Min();
        return lowest <= SideWatermarks.None ? "-" : TimeText.Cell(lowest);
    }

    static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    static string Missing(JoinStatus status) => InputText.Line(status.Router.Input) is { } missing ? "; " + missing : "";

    long Rate(JoinStatus status)
    {
        var now = DateTime.UtcNow;
        var seconds = Math.Max(0.001, (now - _lastAt).TotalSeconds);
        var rate = (long)((status.Consumed - _lastConsumed) / seconds);
        (_lastConsumed, _lastAt) = (status.Consumed, now);
        return rate;
    }

    string Line(JoinStatus status) =>
        $"  read {Number(status.Consumed)} ({Number(Rate(status))}/s)  lag {Number(status.Lag)}  rows {Number(status.Rows)}  "
        + $"waiting {Number(status.Left.Waiting + status.Right.Waiting)}  watermarks left "
        + $"{Watermark(status.Groups.Select(g => g.LeftWatermark))} "
        + $"right {Watermark(status.Groups.Select(g => g.RightWatermark))}  journal events {Number(status.Events)}{Missing(status)}";

    Table Table(JoinStatus status)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("", "impressions", "plays");
        table.AddRow("received", Number(status.Left.Received), Number(status.Right.Received));
        table.AddRow("matched", Number(status.Left.Matched), Number(status.Right.Matched));
        table.AddRow("waiting", Number(status.Left.Waiting), Number(status.Right.Waiting));
        table.AddRow("late", Number(status.Left.Late), Number(status.Right.Late));
        table.AddRow("duplicate", Number(status.Left.Duplicate), Number(status.Right.Duplicate));
        table.AddRow(
            "watermark", Watermark(status.Groups.Select(g => g.LeftWatermark)), Watermark(status.Groups.Select(g => g.RightWatermark)));
        table.Caption(
            $"{Number(status.Consumed)} read, {Number(Rate(status))}/s, lag {Number(status.Lag)}, {Number(status.Rows)} rows out, "
            + $"{Number(status.Events)} journal events{Missing(status)}");
        return table;
    }
}
