using System.Globalization;
using AkkaJoin.Cockpit.Reports;

namespace AkkaJoin.Cockpit.Text;

/// <summary>
/// A <see cref="ClusterReport"/> for people: the members in the lines of pbm's <c>cluster show</c>, which scripts know,
/// under a line that names their columns, then a table of key groups for each join.
/// </summary>
static class ClusterText
{
    const string Unknown = "-";
    const string MemberHead = "address | [roles] | status | reachability | app-version | what it is";
    static readonly string[] Heads =
    [
        "key group", "node", "state", "sequence", "lag", "waiting", "buffered", "journal", "snapshot (UTC)", "left (UTC)", "right (UTC)",
        "unconfirmed",
    ];

    internal static void Write(ClusterReport report, TextWriter output)
    {
        Write(report.Members, output);
        foreach (var join in report.Joins)
            Write(join, output);
    }

    internal static void Write(IReadOnlyList<MemberReport> members, TextWriter output)
    {
        output.WriteLine(MemberHead);
        foreach (var member in members)
            output.WriteLine(Line(member));
        output.WriteLine("Count: " + CountText.Of(members.Count, "node"));
    }

    // addr | [roles] | status | reachability | app-version, and what is special about it.
    static string Line(MemberReport member)
    {
        string?[] marks = [member.IsSelf ? "answers" : null, member.IsLeader ? "leader" : null, member.IsOldest ? "oldest" : null];
        var marked = string.Join(", ", marks.OfType<string>());
        var reachable = member.Reachable ? "reachable" : "unreachable";
        return $"{member.Address} | [{string.Join(", ", member.Roles)}] | {member.Status} | {reachable} | {member.AppVersion}"
            + (marked.Length > 0 ? " | " + marked : "");
    }

    static void Write(JoinReport join, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"{join.Join}: {Summary(join.Groups)}");
        if (join.Asked.Number > 0)
            output.WriteLine($"  {join.Asked.Says}");
        var table = new TextTable(Heads, [0, 3, 4, 5, 6, 7, 11]);
        foreach (var group in join.Groups)
            table.Add(Cells(group));
        table.Write(output, "  ");
        if (Holders(join.Groups) is { Length: > 0 } holders)
            output.WriteLine($"  time is held back by {holders}");
        if (join.Input is { } input && InputText.Line(input) is { } missing)
            output.WriteLine($"  of what the answering node read since its start: {missing}");
    }

    static string Summary(IReadOnlyList<KeyGroupReport> groups)
    {
        var states = groups.GroupBy(g => g.State).OrderByDescending(g => g.Key == KeyGroupState.Running)
            .Select(g => Text($"{g.Count()} {Name(g.Key)}"));
        var running = groups.Where(g => g.State == KeyGroupState.Running).ToList();
        var lag = running.Count > 0 && running.All(g => g.Lag is not null) ? Number(running.Max(g => g.Lag)) : "unknown";
        var (waiting, bytes) = (running.Sum(g => g.Waiting ?? 0), Bytes(running.Sum(g => g.StateBytes ?? 0)));
        return Text(
            $"{CountText.Of(groups.Count, "key group")}, {string.Join(", ", states)}; lag {lag}, {waiting:N0} waiting, {bytes}");
    }

    static string[] Cells(KeyGroupReport group) =>
    [
        Text($"{group.Group}"),
        group.Node is null ? Unknown : Short(group.Node),
        Name(group.State),
        Number(group.Sequence),
        Number(group.Lag),
        Number(group.Waiting),
        Bytes(group.StateBytes),
        Bytes(group.JournalBytes),
        group.Snapshot is { } snapshot
            ? Text($"{snapshot.Sequence:N0} at {TimeText.Cell(snapshot.SavedAt.ToUnixTimeMilliseconds())}")
            : Unknown,
        Clock(group.Left),
        Clock(group.Right),
        Number(group.Unconfirmed),
    ];

    // Which partitions hold time back is the same for nearly all groups: one line, and not two columns.
    static string Holders(IReadOnlyList<KeyGroupReport> groups) => string.Join(", ", groups
        .SelectMany(g => new[] { g.Left, g.Right })
        .OfType<WatermarkReport>()
        .Select(w => Text($"{w.Topic}/{w.Partition}"))
        .Distinct()
        .Order(StringComparer.Ordinal));

    static string Name(KeyGroupState state) => state switch
    {
        KeyGroupState.Running => "running",
        KeyGroupState.Recovering => "recovering",
        KeyGroupState.Unreachable => "unreachable",
        _ => "not started",
    };

    // akka.tcp://akkajoin@host:port
    static string Short(string address) => address[(address.LastIndexOf('@') + 1)..];

    static string Clock(WatermarkReport? side) => side?.Watermark is { } watermark ? TimeText.Cell(watermark) : Unknown;

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
