using System.Globalization;
using System.Text.Json;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Shards.Join;
using Spectre.Console;
using ValidationResult = AkkaJoin.Host.Validation.ValidationResult;

namespace AkkaJoin.Host.Demo;

/// <summary>The end of the demo: the ledger, the validation, what to do next.</summary>
sealed class DemoReport(DemoOptions options, ValidationResult validation, DemoOutcome outcome)
{
    internal string Json() => JsonSerializer.Serialize(new
    {
        exact = validation.Exact && outcome.Ledger.Balances,
        type = options.Type.ToString().ToLowerInvariant(),
        events = options.Events,
        seed = options.Seed,
        kills = outcome.Kills,
        seconds = Math.Round(outcome.Seconds, 3),
        recordsPerSecond = (long)(options.Events / outcome.Seconds),
        left = outcome.Ledger.Left,
        right = outcome.Ledger.Right,
        input = outcome.Ledger.Input,
        warnings = outcome.Ledger.Warnings,
        validation.Expected,
        validation.Found,
        validation.Missing,
        validation.Extra,
        validation.Doubled,
        validation.ExplainedByLate,
        validation.LateRecords,
        validation.DeadLetters,
        validation.Duplicates,
    }, JsonSerializerOptions.Web);

    internal void Write(IAnsiConsole console, string directory)
    {
        console.WriteLine();
        console.WriteLine("The ledger: every record has one fate.");
        console.WriteLine("                 received =  matched + unmatched + expired +   late + duplicate + waiting");
        console.WriteLine(Line("impressions", outcome.Ledger.Left));
        console.WriteLine(Line("plays", outcome.Ledger.Right));
        WriteInput(console, "impressions", outcome.Ledger.Input.Left);
        WriteInput(console, "plays", outcome.Ledger.Input.Right);
        foreach (var warning in outcome.Ledger.Warnings)
            console.WriteLine("  warning: " + warning);
        console.WriteLine();
        console.WriteLine("The validation: DuckDB ran the same join as SQL over the same topics and compared every row.");
        console.WriteLine(
            $"  {CountText.Of(validation.Found, "row")} found; {N(validation.Missing)} missing, {N(validation.Extra)} extra; "
            + $"{N(validation.Doubled)} came twice under one id"
            + (outcome.Kills > 0 ? " (at-least-once, after the kill)" : ""));
        console.WriteLine(
            $"  {CountText.Of(validation.LateRecords, "late record")}, {CountText.Of(validation.DeadLetters, "dead letter")}, "
            + $"{CountText.Of(validation.Duplicates, "duplicate")}; "
            + $"{CountText.Of(validation.ExplainedByLate, "difference")} from the batch join"
            + (validation.ExplainedByLate > 0 ? ", each explained by a late record" : ""));
        foreach (var difference in validation.Differences)
            console.WriteLine($"  {difference.Kind}: {difference.Detail}");
        console.WriteLine();
        var good = validation.Exact && outcome.Ledger.Balances;
        console.WriteLine(good ? "EXACT" : "NOT EXACT", new Style(good ? Color.Green : Color.Red, decoration: Decoration.Bold));
        console.WriteLine(
            $"  {CountText.Of(options.Events, "record")} in {outcome.Seconds.ToString("N1", CultureInfo.InvariantCulture)} s, "
            + "start-up included: "
            + $"{N((long)(options.Events / outcome.Seconds))} records/s, durable");
        console.WriteLine();
        console.WriteLine("Next:");
        if (options.Keep)
            console.WriteLine($"  look at     {Path.Combine(directory, "akkajoin.conf")}");
        console.WriteLine(options.Crash
            ? "  try         akkajoin demo --join attribution"
            : "  try         akkajoin demo --crash     the engine is killed with SIGKILL on the way");
        if (!options.Stay)
            console.WriteLine("  look        akkajoin demo --stay      the join runs on, with its page and commands");
        console.WriteLine("  your Kafka  akkajoin check -c FILE, then akkajoin run -c FILE     (docs/configuration.md)");
    }

    // Of a killed engine the second process tells what it read itself.
    void WriteInput(IAnsiConsole console, string name, SideCounts counts)
    {
        if (InputText.Of(counts) is { } text)
            console.WriteLine($"  {name,-12} {text}{(outcome.Kills > 0 ? ", of what was read after the kill" : "")}");
    }

    static string Line(string name, in SideLedger l) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {name,-12} {l.Received,10:N0} = {l.Matched,8:N0} + {l.Unmatched,9:N0} + {l.Expired,7:N0} + {l.Late,6:N0} + "
        + $"{l.Duplicate,9:N0} + {l.Waiting,7:N0}");

    static string N(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
