using System.Globalization;
using AkkaJoin.Cockpit.Reports;

namespace AkkaJoin.Cockpit.Text;

/// <summary>What the journal has of key groups, for people.</summary>
static class JournalText
{
    const string Unknown = "-";

    internal static void Write(JournalReport report, TextWriter output)
    {
        var table = new TextTable(["join", "key group", "state", "last event", "events", "bytes", "last snapshot"], [1, 3, 4, 5]);
        foreach (var group in report.Groups)
        {
            table.Add([
                group.Join, N(group.Group), State(group.State), N(group.Sequence), N(group.Events), N(group.Bytes), Text(group.Snapshot),
            ]);
        }

        table.Write(output, "");
        output.WriteLine($"{CountText.Of(report.Groups.Sum(group => group.Events ?? 0), "event")}, {CountText.Of(report.Bytes, "byte")} "
            + "since the last snapshots");
    }

    internal static void Write(SnapshotsReport report, TextWriter output)
    {
        var table = new TextTable(["join", "key group", "last event in it", "saved at", "age"], [1, 2, 4]);
        foreach (var found in report.Snapshots)
        {
            table.Add([
                found.Join,
                N(found.Group),
                N(found.Snapshot?.Sequence),
                found.Snapshot is { } snapshot ? TimeText.Iso(snapshot.SavedAt.ToUnixTimeMilliseconds()) : Unknown,
                found.AgeSeconds is { } age ? N((long)age) + " s" : Unknown,
            ]);
        }

        table.Write(output, "");
    }

    static string Text(SnapshotReport? snapshot) => snapshot is null
        ? Unknown
        : $"{N(snapshot.Sequence)} at {TimeText.Iso(snapshot.SavedAt.ToUnixTimeMilliseconds())}";

    static string State(KeyGroupState state) => state switch
    {
        KeyGroupState.Running => "running",
        KeyGroupState.Recovering => "recovering",
        KeyGroupState.Unreachable => "unreachable",
        _ => "not started",
    };

    static string N(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? Unknown;
}
