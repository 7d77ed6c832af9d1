using System.Globalization;
using Akka.Cluster;
using AkkaJoin.Cockpit.Commands;
using AkkaJoin.Cockpit.Live;
using AkkaJoin.Cockpit.Nodes;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Flow;

namespace AkkaJoin.Cockpit.Acts;

/// <summary>
/// Asks something of a join while it runs. It is written into the journal first, so it outlives every node; then each
/// node is told, and one that does not hear it reads it within a second.
/// </summary>
static class FlowActs
{
    internal const string Unlimited = "unlimited", Configured = "configured";

    // A pause of a thousand years is meant to be one without an end.
    const long UntilDaysMax = 365_000;

    /// <summary>A side is not read, or both are not.</summary>
    /// <exception cref="CommandException">The arguments are none, or a node is too old.</exception>
    internal static Task<FlowActReport> PauseAsync(CockpitNode node, CommandCall call)
    {
        var join = node.Join(call.Find("join"));
        var side = SideOf(join, call.Find("side"));
        var until = call.Find("until") is { } text ? Until(text, node.NowMs(join.Name)) : (long?)null;
        return ChangeAsync(node, join, order => order.With(side, new SidePause(true, until)), call.Stopping);
    }

    /// <summary>A side is read again, or both are.</summary>
    /// <inheritdoc cref="PauseAsync"/>
    internal static Task<FlowActReport> ResumeAsync(CockpitNode node, CommandCall call)
    {
        var join = node.Join(call.Find("join"));
        var side = SideOf(join, call.Find("side"));
        return ChangeAsync(node, join, order => order.With(side, default), call.Stopping, letsGo: true);
    }

    /// <summary>Time rests: records are read and joined, but nothing is given up.</summary>
    /// <inheritdoc cref="PauseAsync"/>
    internal static Task<FlowActReport> RestAsync(CockpitNode node, CommandCall call)
    {
        var join = node.Join(call.Find("join"));
        var until = call.Find("until") is { } text ? Until(text, node.NowMs(join.Name)) : (long?)null;
        return ChangeAsync(node, join, order => order with { Rest = new TimeRest(true, until) }, call.Stopping);
    }

    /// <summary>Time moves again.</summary>
    /// <inheritdoc cref="PauseAsync"/>
    internal static Task<FlowActReport> WakeAsync(CockpitNode node, CommandCall call) =>
        ChangeAsync(node, node.Join(call.Find("join")), order => order with { Rest = default }, call.Stopping, letsGo: true);

    /// <summary>How fast the join may read.</summary>
    /// <inheritdoc cref="PauseAsync"/>
    internal static Task<FlowActReport> RateAsync(CockpitNode node, CommandCall call)
    {
        var rate = Rate(call.Get("rate"));
        return ChangeAsync(node, node.Join(call.Find("join")), order => order with { Rate = rate }, call.Stopping);
    }

    /// <summary>Nothing more is read, and what is on its way comes out.</summary>
    /// <inheritdoc cref="PauseAsync"/>
    internal static async Task<FlowActReport> DrainAsync(CockpitNode node, CommandCall call)
    {
        var report = await PauseAsync(node, call);
        var replies = await node.Nodes.AskAllAsync<FlowLetOut>(
            JoinQuestion.LetOut, new JoinQuestion(report.Join), call.Stopping, CockpitNode.LetOutTimeout(node.Join(report.Join)));
        var failed = replies.Where(reply => reply is { Result: null, IsMissing: false } && !IsElsewhere(reply));
        return report with
        {
            Missing = [.. report.Missing.UnionBy(failed.Select(reply => reply.Missing!), node => node.Node)],
            NotLetOut = [.. replies.Where(reply => reply.IsMissing || reply.Result is { IsLetOut: false }).Select(reply => reply.Node)],
        };
    }

    /// <summary>What a rate is: a number of records per second, 0 = unlimited, null = as configured.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    internal static long? Rate(string text) => text switch
    {
        Unlimited => 0,
        Configured => null,
        _ when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rate) && rate is > 0 and <= FlowOrder.RateMax =>
            rate,
        _ => throw new CommandException(
            $"the rate is a whole number of records per second from 1 to {FlowOrder.RateMax}, {Unlimited} or {Configured}; it is '{text}'"),
    };

    /// <summary>When a pause ends: a time, or a duration from now, ms since the epoch.</summary>
    /// <exception cref="CommandException">It is neither, or it is over already.</exception>
    internal static long Until(string text, long nowMs)
    {
        // A bare number is more likely a mistake than a number of milliseconds, or a year.
        var isNumber = double.TryParse(text, NumberStyles.Any, CultureInfo.InvariantCulture, out _);
        var until = !isNumber && Durations.TryParse(text, out var duration) ? nowMs + Math.Min(duration, UntilDaysMax * 86_400_000)
            : !isNumber && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time.ToUnixTimeMilliseconds()
            : throw new CommandException($"'until' is a duration such as 90m, or a time such as 2030-01-31T06:00Z; it is '{text}'");
        return until > nowMs ? until : throw new CommandException($"'until' lies in the past: '{text}'");
    }

    static async Task<FlowActReport> ChangeAsync(
        CockpitNode node, JoinSettings join, Func<FlowOrder, FlowOrder> change, CancellationToken stopping, bool letsGo = false)
    {
        // To go on is what a node does that knows no orders.
        if (!letsGo)
            RefuseOlderMembers(Cluster.Get(node.System), join.Name);
        var order = await Task.Run(() => node.Orders(join.Name).Change(change, node.NowMs(join.Name)), stopping);
        var replies = await node.Nodes.AskAllAsync<FlowHeard>(JoinQuestion.Flow, new JoinQuestion(join.Name), stopping);
        var nodes = replies.Where(reply => reply.Result is { } heard && heard.Number >= order.Number).Select(reply => reply.Node);
        var missing = replies.Where(reply => !IsElsewhere(reply)).Select(reply => reply.Missing).OfType<MissingNode>();
        return new FlowActReport(join.Name, FlowReport.Of(order), [.. nodes], [.. missing]);
    }

    // It answers that it does not run the join.
    static bool IsElsewhere<T>(NodeReply<T> reply) =>
        reply is { Result: null, IsMissing: false } && reply.Problem!.Contains("runs no join", StringComparison.Ordinal);

    static Side? SideOf(JoinSettings join, string? text)
    {
        if (text is not null && join.Left.Topic == join.Right.Topic)
            throw new CommandException($"join '{join.Name}' reads one topic for both sides: leave the side out");
        return text switch
        {
            null => null,
            "left" => Side.Left,
            "right" => Side.Right,
            _ => throw new CommandException($"the side is left or right; it is '{text}'"),
        };
    }

    static void RefuseOlderMembers(Cluster cluster, string join)
    {
        // Nodes of an application need not bear the join's role: then all count.
        var role = NodeRoles.Of(join);
        var bears = cluster.State.Members.Any(member => member.HasRole(role));
        var older = ClusterPeers.OlderMembers(cluster, bears ? role : null, FormatVersions.JoinTime);
        if (older.Count > 0)
        {
            throw new CommandException(
                $"{string.Join(", ", older)} {(older.Count == 1 ? "is" : "are")} of an earlier release, which does not know what is asked "
                    + "of a join and would go on. Upgrade every node that runs the join first");
        }
    }
}
