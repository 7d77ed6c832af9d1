using AkkaJoin.Bench.Load;
using AkkaJoin.Bench.Measuring;

namespace AkkaJoin.Bench.Failover;

/// <summary>The report of <c>failover</c>.</summary>
static class FailoverReport
{
    internal static BenchReport Of(FailoverResult result)
    {
        var (text, options) = (new MarkdownText(), result.Options);
        text.Line($"Three nodes on one machine, PostgreSQL, inner join, window {options.WindowSeconds} s, {LoadGenerator.EventsPerSecond:N0} records a second, seed {options.Seed};");
        text.Line($"the oldest node killed with -9 {options.Kills} times, another as often. Median (min to max), seconds since the kill.");
        text.Machine(result.Machine, result.Broker);
        text.Table("", "the oldest:", "another:", "governed by");
        Row("it does not answer", k => k.Unreachable, "akka.cluster.failure-detector.acceptable-heartbeat-pause = 4s");
        Row("removed", k => k.Removed, "akka.cluster.split-brain-resolver.stable-after = 7s, gossip 1 s");
        Row("its partitions read by others", k => k.Reassigned, "akkajoin.kafka.session-timeout = 10s");
        Row("first event of a moved key group", k => k.FirstEvent, "akka.cluster.down-removal-margin = 1s (the oldest alone), keep-alive 1 s, recovery");
        Row("all moved key groups have journaled", k => k.LastEvent, "recovery, akkajoin.flow.resend-after = 5s");
        Row("first row of a moved key group", k => k.FirstRow, "the sum of those above; mark: 20");
        Row("the same since removed", k => k.FirstRowSinceRemoval, "mark: 5");
        Row("every moved key group has had a row", k => k.LastFirstRow, "");
        Row("rows at 90 % of the rate before", k => k.FullRate, "mark: 40");
        Row("backlog gone", k => k.CaughtUp, "spare CPU");
        text.Table("", "the oldest:", "another:", "");
        Row("rows a second before", k => k.RowsPerSecondBefore, "", "F0");
        Row("live state of all nodes, MiB", k => k.StateBytes / 1048576.0, "", "F0");
        Row("waiting records", k => k.Waiting, "", "N0");
        Row("key groups moved", k => k.MovedGroups, "of 16", "F0");
        Row("their live state, MiB", k => k.Recovery.Live / 1048576.0, "");
        Row("snapshots read, MiB", k => k.Recovery.Snapshots / 1048576.0, "");
        Row("journal read, MiB", k => k.Recovery.Journal / 1048576.0, "akkajoin.flow.snapshot-bytes-min = 1 MiB, and the live state");
        Row("bytes read / bytes of live state", k => k.Recovery.Ratio, "mark: 2.5", "F2");
        Row("bytes read / bytes of live state, worst key group", k => k.Recovery.WorstRatio, "", "F2");
        return new BenchReport(text, result);

        void Row(string name, Func<KillFigures, double?> figure, string note, string format = "F1") =>
            text.Row($"{name}", $"{Cell(oldest: true, figure, format)}", $"{Cell(oldest: false, figure, format)}", $"{note}");

        string Cell(bool oldest, Func<KillFigures, double?> figure, string format)
        {
            var values = result.Kills.Where(k => k.WasOldest == oldest).Select(figure).ToList();
            var unseen = values.Count(v => v is null);
            return Spread.OfKnown(values)?.Text(format, unseen > 0 ? FormattableString.Invariant($", {unseen} not seen") : "") ?? "not seen";
        }
    }
}
