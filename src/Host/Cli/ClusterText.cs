using System.Globalization;
using AkkaJoin.Host.Administration.Reports;

namespace AkkaJoin.Host.Cli;

/// <summary>
/// A <see cref="ClusterReport"/> for people: the members in the lines of pbm's <c>cluster show</c>, which scripts know, then a table of key groups for
/// each join.
/// </summary>
static class ClusterText
{
    const string Unknown = "-";
    static readonly string[] Heads = ["group", "node", "state", "sequence", "lag", "resting", "held", "journal", "snapshot", "left", "right", "waiting"];

    internal static void Write(ClusterReport report, TextWriter output)
    {
        foreach (var member in report.Members)
            output.WriteLine(Line(member));
        output.WriteLine(Text($"Count: {report.Members.Count} nodes"));
        foreach (var join in report.Joins)
            Write(join, output);
    }

    // addr | [roles] | status | reachability | app-version, and what is special about it.
    static string Line(MemberReport member)
    {
        var marks = new[] { member.IsSelf ? "answers" : null, member.IsLeader ? "leader" : null, member.IsOldest ? "oldest" : null }.OfType<string>().ToList();
        return $"{member.Address} | [{string.Join(", ", member.Roles)}] | {member.Status} | {(member.Reachable ? "reachable" : "unreachable")} | {member.AppVersion}"
            + (marks.Count > 0 ? " | " + string.Join(", ", marks) : "");
    }

    static void Write(JoinReport join, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"{join.Join}: {Summary(join.Groups)}");
        var table = new TextTable(Heads, [0, 3, 4, 5, 6, 7, 11]);
        foreach (var group in join.Groups)
            table.Add(Cells(group));
        table.Write(output, "  ");
        if (Holders(join.Groups) is { Length: > 0 } holders)
            output.WriteLine($"  time is held back by {holders}");
        if (join.Input is { } input && InputText.Line(input) is { } missing)
            output.WriteLine($"  of what the answering node read since its start: {missing}");
    }

    static string Summary(IReadOnlyList<GroupReport> groups)
    {
        var states = groups.GroupBy(g => g.State).OrderByDescending(g => g.Key == GroupState.Running).Select(g => Text($"{g.Count()} {Name(g.Key)}"));
        var running = groups.Where(g => g.State == GroupState.Running).ToList();
        var lag = running.Count > 0 && running.All(g => g.Lag is not null) ? Number(running.Max(g => g.Lag)) : "unknown";
        return Text($"{groups.Count} key groups, {string.Join(", ", states)}; lag {lag}, {running.Sum(g => g.Resting ?? 0):N0} resting, {Bytes(running.Sum(g => g.StateBytes ?? 0))}");
    }

    static string[] Cells(GroupReport group) =>
    [
        Text($"{group.Group}"),
        group.Node is null ? Unknown : Short(group.Node),
        Name(group.State),
        Number(group.Sequence),
        Number(group.Lag),
        Number(group.Resting),
        Bytes(group.StateBytes),
        Bytes(group.JournalBytes),
        group.Snapshot is { } snapshot ? Text($"{snapshot.Sequence:N0} at {TimeText.Clock(snapshot.SavedAt.ToUnixTimeMilliseconds())}") : Unknown,
        Clock(group.Left),
        Clock(group.Right),
        Number(group.Unconfirmed),
    ];

    // Which partitions hold time back is the same for nearly all groups: one line, and not two columns.
    static string Holders(IReadOnlyList<GroupReport> groups) => string.Join(", ", groups
        .SelectMany(g => new[] { g.Left, g.Right })
        .OfType<WatermarkReport>()
        .Select(w => Text($"{w.Topic}/{w.Partition}"))
        .Distinct()
        .Order(StringComparer.Ordinal));

    static string Name(GroupState state) => state switch
    {
        GroupState.Running => "running",
        GroupState.Recovering => "recovering",
        GroupState.Unreachable => "unreachable",
        _ => "not started",
    };

    // akka.tcp://akkajoin@host:port
    static string Short(string address) => address[(address.LastIndexOf('@') + 1)..];

    static string Clock(WatermarkReport? side) => side?.Watermark is { } watermark ? TimeText.Clock(watermark) : Unknown;

    static string Number(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? Unknown;

    static string Bytes(long? bytes) => bytes switch
    {
        null => Unknown,
        < 1_024 => Text($"{bytes} B"),
        < 1_024 * 1_024 => Text($"{bytes / 1_024.0:N1} KiB"),
        _ => Text($"{bytes / 1_048_576.0:N1} MiB"),
    };

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
