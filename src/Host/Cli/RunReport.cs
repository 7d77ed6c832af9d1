using System.Globalization;
using System.Text.Json;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Host.Running;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Host.Cli;

/// <summary>
/// What <c>run</c> prints: a line for people on standard error while it runs, the result on standard output.
/// </summary>
sealed class RunReport(bool json, TextWriter output, TextWriter error)
{
    internal void Started(AkkaJoinSettings settings, Node node)
    {
        foreach (var engine in node.Joins)
        {
            var join = settings.Joins.First(j => j.Name == engine.Name);
            error.WriteLine($"akkajoin: {JoinSentence.Describe(join)}");
        }

        if (node.AdminAddress is { } address)
        {
            error.WriteLine(
                $"akkajoin: listens for questions at {address} (page: akkajoin page {address}; ask: akkajoin cluster {address})");
        }

        // On SQLite a node is alone.
        if (settings.Journal.Postgresql is not null && !json)
            node.Watch(error);
    }

    internal void Ended(string name, JoinResult result)
    {
        if (json)
            WriteJson(name, result);
        else
            WriteText(name, result);
    }

    /// <summary>Where the CPU time of the process went; after all joins, which share it.</summary>
    internal void Profiled(long consumed) =>
        output.WriteLine(
            json
                ? JsonSerializer.Serialize(new { profile = ProfileTable.Json(consumed) }, JsonSerializerOptions.Web)
                : ProfileTable.Text(consumed));

    void WriteText(string name, JoinResult result)
    {
        if (result.Status is not { } status)
            return;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {Plain(status.Consumed, "record")} read, {Plain(status.Rows, "row")} out, "
            + $"{Plain(status.LateCopies, "record")} to the late topic, {Plain(status.DeadLettered, "dead letter")} in this run; "
            + $"since the journal began:"));
        if (status.Filtered > 0)
        {
            output.WriteLine("  left   in this run " + Text(status.Router.Left));
            output.WriteLine("  right  in this run " + Text(status.Router.Right));
        }

        if (InputText.Line(status.Router.Input) is { } missing)
            output.WriteLine("  in this run " + missing);
        output.WriteLine("  left   " + Text(status.Left));
        output.WriteLine("  right  " + Text(status.Right));
        if (result.Open.Count > 0)
            output.WriteLine(
                $"  not read, since a transaction is open: {OpenTransaction.Describe(result.Open)}; a run after its end reads them");
        if (result.LateBelowLeft is { } left)
            output.WriteLine($"  lefts of a later run with event times below {left} ({TimeText.Iso(left)}) will be late");
        if (result.LateBelowRight is { } right)
            output.WriteLine($"  rights of a later run with event times below {right} ({TimeText.Iso(right)}) will be late");
        foreach (var warning in result.Warnings)
            output.WriteLine("  warning: " + warning);
    }

    void WriteJson(string name, JoinResult result) => output.WriteLine(JsonSerializer.Serialize(new
    {
        join = name,
        consumed = result.Status?.Consumed,
        rows = result.Status?.Rows,
        lateRecords = result.Status?.LateCopies,
        deadLetters = result.Status?.DeadLettered,
        filtered = result.Status?.Filtered,
        leftRead = Json(result.Status?.Router.Left),
        rightRead = Json(result.Status?.Router.Right),
        input = result.Status?.Router.Input,
        warnings = result.Warnings,
        left = result.Status?.Left,
        right = result.Status?.Right,
        lateBelowLeft = result.LateBelowLeft,
        lateBelowRight = result.LateBelowRight,
        openTransactions = result.Open,

        // All threads from the start of the process on, the runtime's own included.
        cpuSeconds = Environment.CpuUsage.TotalTime.TotalSeconds,
    }, JsonSerializerOptions.Web));

    static object? Json(SideFates? fates) =>
        fates is { } f ? new { consumed = f.Consumed, routed = f.Routed, deadLettered = f.DeadLettered, filtered = f.Filtered } : null;

    // Without thousands separators: scripts read these lines.
    static string Plain(long count, string one) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : one + "s")}");

    static string Text(in SideFates fates) => string.Create(
        CultureInfo.InvariantCulture,
        $"read {fates.Consumed} = routed {fates.Routed} + dead-lettered {fates.DeadLettered} + filtered {fates.Filtered}");

    static string Text(in SideLedger ledger) => string.Create(
        CultureInfo.InvariantCulture,
        $"received {ledger.Received} = matched {ledger.Matched} + unmatched {ledger.Unmatched} + expired {ledger.Expired} + late "
        + $"{ledger.Late} + duplicate {ledger.Duplicate} + waiting {ledger.Waiting}");
}
