using System.Globalization;
using System.Text.Json;
using AkkaJoin.Host.Running;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Host.Cli;

/// <summary>What <c>run</c> prints: a line for people on standard error while it runs, the result on standard output.</summary>
internal sealed class RunReport(bool json, TextWriter output, TextWriter error)
{
    internal void Started(AkkaJoinSettings settings, Node node)
    {
        foreach (var engine in node.Joins)
        {
            var join = settings.Joins.First(j => j.Name == engine.Name);
            error.WriteLine($"akkajoin: {JoinSentence.Describe(join)}");
        }
    }

    internal void Ended(string name, JoinResult result)
    {
        if (json)
            WriteJson(name, result);
        else
            WriteText(name, result);
    }

    void WriteText(string name, JoinResult result)
    {
        if (result.Status is not { } status)
        {
            output.WriteLine($"{name}: stopped; offsets are committed, the next start goes on from there");
            return;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {status.Consumed} records read, {status.Rows} rows and late records out, {status.DeadLettered} dead letters"));
        output.WriteLine("  left   " + Text(status.Left));
        output.WriteLine("  right  " + Text(status.Right));
        if (result.LateBelowLeft is { } left)
            output.WriteLine($"  lefts of a later run with event times below {left} ({Iso(left)}) will be late");
        if (result.LateBelowRight is { } right)
            output.WriteLine($"  rights of a later run with event times below {right} ({Iso(right)}) will be late");
    }

    void WriteJson(string name, JoinResult result) => output.WriteLine(JsonSerializer.Serialize(new
    {
        join = name,
        consumed = result.Status?.Consumed,
        rows = result.Status?.Rows,
        deadLetters = result.Status?.DeadLettered,
        left = result.Status?.Left,
        right = result.Status?.Right,
        lateBelowLeft = result.LateBelowLeft,
        lateBelowRight = result.LateBelowRight,

        // All threads from the start of the process on, the runtime's own included.
        cpuSeconds = Environment.CpuUsage.TotalTime.TotalSeconds,
    }, JsonSerializerOptions.Web));

    static string Text(in SideLedger ledger) => string.Create(
        CultureInfo.InvariantCulture,
        $"received {ledger.Received} = matched {ledger.Matched} + unmatched {ledger.Unmatched} + expired {ledger.Expired} + late {ledger.Late} + duplicate {ledger.Duplicate} + resting {ledger.Resting}");

    static string Iso(long ms) => ms is < -62_135_596_800_000 or > 253_402_300_799_999
        ? "out of the calendar"
        : DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
