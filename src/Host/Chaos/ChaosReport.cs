using System.Globalization;
using System.Text;
using System.Text.Json;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Host.Validation;

namespace AkkaJoin.Host.Chaos;

/// <summary>The end of a run: the faults and what they cost, the validation.</summary>
sealed class ChaosReport(ChaosResult result)
{
    ValidationResult Validation => result.Validation;

    internal string Json() => JsonSerializer.Serialize(new
    {
        exact = result.IsGood,
        problems = result.Problems,
        seed = result.Run.Seed,
        join = result.Run.Join,
        nodes = result.Run.Nodes,
        seconds = Math.Round(result.Seconds, 3),
        fed = result.Fed,
        downed = result.Downed,
        faults = ByKind().Select(k => new { kind = Word(k.Kind), k.Count, medianSilenceMs = k.Median, maxSilenceMs = k.Max }),
        left = result.Ledger.Left,
        right = result.Ledger.Right,
        Validation.Expected,
        rows = Validation.Found,
        Validation.Missing,
        Validation.Extra,
        doubled = result.Doubled,
        doubledByWoken = result.DoubledByWoken,
        Validation.LateRecords,
        Validation.DeadLetters,
        Validation.Duplicates,
    }, JsonSerializerOptions.Web);

    internal string Text()
    {
        var text = new StringBuilder();
        text.AppendLine();
        text.AppendLine("fault                      count   silence, median   longest");
        foreach (var (kind, count, median, max) in ByKind())
            text.AppendLine(CultureInfo.InvariantCulture, $"{Word(kind),-26} {count,5} {Seconds(median),17} {Seconds(max),9}");
        text.AppendLine();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{CountText.Of(result.Fed, "record")} fed, {Validation.Duplicates:N0} of all came twice; "
            + $"{CountText.Of(result.Downed, "time")} a node was downed by the cluster");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{CountText.Of(Validation.Found, "row")}: {Validation.Missing:N0} missing, {Validation.Extra:N0} extra, "
            + $"{result.Doubled:N0} came again with the id and the bytes of their twin{Woken()}");
        text.AppendLine($"{CountText.Of(Validation.LateRecords, "late record")}, {CountText.Of(Validation.DeadLetters, "dead letter")}");
        foreach (var problem in result.Problems)
            text.AppendLine("  " + problem);
        foreach (var difference in Validation.Differences)
            text.AppendLine(CultureInfo.InvariantCulture, $"  {difference.Kind}: {difference.Detail}");
        text.Append(result.IsGood ? "EXACT" : "NOT EXACT");
        return text.ToString();
    }

    internal static string Word(FaultKind kind) => kind switch
    {
        FaultKind.Kill => "node killed",
        FaultKind.Freeze => "node frozen",
        FaultKind.Stop => "node stopped",
        FaultKind.KafkaKill => "Kafka killed",
        FaultKind.PostgresqlKill => "PostgreSQL killed",
        _ => "PostgreSQL crashed",
    };

    string Woken() => result.ClaimsTail
        ? string.Create(CultureInfo.InvariantCulture, $" ({result.DoubledByWoken:N0} of them sent by a frozen node when it woke)")
        : "";

    static string Seconds(double? ms) => ms is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known / 1_000:0.00} s") : "-";

    List<(FaultKind Kind, int Count, double? Median, double? Max)> ByKind() =>
    [
        .. result.Faults.GroupBy(f => f.Fault.Kind).OrderBy(g => g.Key).Select(g =>
        {
            var known = g.Where(f => f.Silence?.KeyGroup is not null).Select(f => f.Silence!.Ms).Order().ToList();
            double? median = known.Count > 0 ? known[known.Count / 2] : null;
            double? most = known.Count > 0 ? known[^1] : null;
            return (g.Key, g.Count(), median, most);
        }),
    ];
}
