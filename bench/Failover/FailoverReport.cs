using System.Globalization;
using System.Text;
using System.Text.Json;
using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Failover;

/// <summary>The figures as Markdown and as JSON.</summary>
static class FailoverReport
{
    static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    internal static string Json(FailoverResult result) => JsonSerializer.Serialize(result, JsonOptions);

    internal static string Markdown(FailoverResult result)
    {
        var text = new StringBuilder();
        Line(text, $"Three nodes on one machine, PostgreSQL, inner join, window {result.Options.WindowSeconds} s, {LoadGenerator.EventsPerSecond:N0} records a second, seed {result.Options.Seed};");
        Line(text, $"the oldest node killed with -9 {result.Options.Kills} times, another as often. Median (min to max), seconds since the kill.");
        Line(text, $"Machine: {result.Machine}. Broker: {result.Broker}.");
        Line(text, $"");
        Line(text, $"| | the oldest | another | governed by |");
        Line(text, $"|---|---:|---:|---|");
        Row(text, result, "it does not answer", k => k.Unreachable, "akka.cluster.failure-detector.acceptable-heartbeat-pause = 4s");
        Row(text, result, "removed", k => k.Removed, "akka.cluster.split-brain-resolver.stable-after = 7s, gossip 1 s");
        Row(text, result, "its partitions read by others", k => k.Reassigned, "akkajoin.kafka.session-timeout = 10s");
        Row(text, result, "first event of a moved key group", k => k.FirstEvent, "akka.cluster.down-removal-margin = 1s (the oldest alone), keep-alive 1 s, recovery");
        Row(text, result, "all moved key groups have journaled", k => k.LastEvent, "recovery, akkajoin.flow.resend-after = 5s");
        Row(text, result, "first row of a moved key group", k => k.FirstRow, "the sum of those above; mark: 20");
        Row(text, result, "the same since removed", k => k.FirstRowSinceRemoval, "mark: 5");
        Row(text, result, "every moved key group has had a row", k => k.LastFirstRow, "");
        Row(text, result, "rows at 90 % of the rate before", k => k.FullRate, "mark: 40");
        Row(text, result, "backlog gone", k => k.CaughtUp, "spare CPU");
        Line(text, $"");
        Line(text, $"| | the oldest | another | |");
        Line(text, $"|---|---:|---:|---|");
        Row(text, result, "rows a second before", k => k.RowsPerSecondBefore, "", "F0");
        Row(text, result, "live state of all nodes, MiB", k => k.StateBytes / 1048576.0, "", "F0");
        Row(text, result, "resting records", k => k.Resting, "", "N0");
        Row(text, result, "key groups moved", k => k.MovedGroups, "of 16", "F0");
        Row(text, result, "their live state, MiB", k => k.Recovery.Live / 1048576.0, "");
        Row(text, result, "snapshots read, MiB", k => k.Recovery.Snapshots / 1048576.0, "");
        Row(text, result, "journal read, MiB", k => k.Recovery.Journal / 1048576.0, "akkajoin.flow.snapshot-bytes-min = 1 MiB, and the live state");
        Row(text, result, "bytes read / bytes of live state", k => k.Recovery.Ratio, "mark: 2.5", "F2");
        Row(text, result, "bytes read / bytes of live state, worst key group", k => k.Recovery.WorstRatio, "", "F2");
        return text.ToString();
    }

    static void Row(StringBuilder text, FailoverResult result, string name, Func<KillFigures, double?> figure, string note, string format = "F1")
    {
        var (oldest, another) = (Cell(result, oldest: true, figure, format), Cell(result, oldest: false, figure, format));
        Line(text, $"| {name} | {oldest} | {another} | {note} |");
    }

    static string Cell(FailoverResult result, bool oldest, Func<KillFigures, double?> figure, string format)
    {
        var kills = result.Kills.Where(k => k.WasOldest == oldest).ToList();
        var values = kills.Select(figure).OfType<double>().ToList();
        if (values.Count == 0)
            return "not seen";
        var spread = Spread.Of(values);
        var unseen = values.Count < kills.Count ? $", {kills.Count - values.Count} not seen" : "";
        return $"{Text(spread.Median, format)} ({Text(spread.Min, format)} to {Text(spread.Max, format)}{unseen})";
    }

    static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
