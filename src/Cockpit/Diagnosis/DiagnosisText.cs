using System.Globalization;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline.Settings.Reading;

namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>A <see cref="JoinDiagnosis"/> for people: the answer, the causes, then the evidence.</summary>
static class DiagnosisText
{
    const int BarMax = 40;

    /// <summary>Writes a diagnosis.</summary>
    /// <param name="diagnosis">The diagnosis.</param>
    /// <param name="output">Takes the text.</param>
    internal static void Write(JoinDiagnosis diagnosis, TextWriter output)
    {
        output.WriteLine($"join {diagnosis.Join}: {diagnosis.Answer}");
        foreach (var (i, cause) in diagnosis.Causes.Index())
            WriteCause(i + 1, cause, output);
        output.WriteLine();
        WriteSide("left", diagnosis.Left, output);
        WriteSide("right", diagnosis.Right, output);
        WriteSteps(diagnosis.Steps, output);
        WriteKeys(diagnosis.Keys, output);
        if (diagnosis.Distances is { } distances)
            WriteDistances(distances, output);
        WriteWhere(diagnosis.Where, output);
        WriteAdvice(diagnosis.Advice, output);
    }

    static void WriteCause(int rank, Cause cause, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"{rank}. {Word(cause.Code)}: {cause.Text}");
        if (cause.Settings.Count > 0)
            output.WriteLine($"   setting: {string.Join(" or ", cause.Settings)}" + (cause.Value is null ? "" : $" = {cause.Value}"));
        output.WriteLine($"   to do: {cause.Todo}");
    }

    static void WriteSide(string name, SideReport side, TextWriter output)
    {
        var end = side.End switch
        {
            SampleEnd.Bytes => "; the limit of bytes ended the sample",
            SampleEnd.Seconds => "; the limit of seconds ended the sample",
            _ => "",
        };
        output.WriteLine($"{name}: {CountText.Of(side.Records, "record")} of {side.Topic}{Times(side.Times)}{end}");
        var table = new TextTable(["  partition", "offset", "fate", "key", "time", "id"], [1]);
        foreach (var record in side.Examples)
            table.Add(
            [
                "  " + record.Partition.ToString(CultureInfo.InvariantCulture),
                record.Offset.ToString(CultureInfo.InvariantCulture),
                record.Reason ?? Word(record.Fate),
                record.Key ?? "-",
                record.Time ?? "-",
                record.Id ?? "-",
            ]);
        if (side.Examples.Count > 0)
            table.Write(output, "");
        var missing = side.Missing.Select(field => $"{field.Field} {Percent(field.Share)}").ToList();
        if (side.NullKeys > 0)
            missing.Insert(0, $"the key {Percent((double)side.NullKeys / side.Joined)}");
        if (side.WithoutId > 0)
            missing.Insert(0, $"the id {Percent((double)side.WithoutId.Value / side.Joined)}");
        if (missing.Count > 0)
            output.WriteLine($"  missing or null: {string.Join(", ", missing)}");
        WritePartitions(side, output);
    }

    static void WritePartitions(SideReport side, TextWriter output)
    {
        string[] heads = ["  partition", "records", "from offset", "end", "newest", "behind at most", "99 % behind", "late"];
        var table = new TextTable(heads, [1, 2, 3, 5, 6, 7]);
        foreach (var partition in side.Partitions)
            table.Add(
            [
                "  " + partition.Partition.ToString(CultureInfo.InvariantCulture),
                N(partition.Records),
                partition.From.ToString(CultureInfo.InvariantCulture),
                partition.End.ToString(CultureInfo.InvariantCulture),
                partition.Newest is { } newest ? TimeText.Iso(newest) : "-",
                partition.Disorder is { } disorder ? Durations.Show(disorder.MaxMs) : "-",
                partition.Disorder is { } most ? Durations.Show(most.P99Ms) : "-",
                partition.Disorder is { } late ? N(late.Late) : "-",
            ]);
        table.Write(output, "");
        output.WriteLine();
    }

    static void WriteSteps(IReadOnlyList<StepReport> steps, TextWriter output)
    {
        var table = new TextTable(["records that", "left", "right"], [1, 2]);
        foreach (var step in steps)
            table.Add(["  " + step.Step, N(step.Left), N(step.Right)]);
        table.Write(output, "");
    }

    static void WriteKeys(KeyReport keys, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"keys: left {N(keys.Left)}, right {N(keys.Right)}, on both sides {N(keys.Both)}");
        if (keys.OnlyLeft.Count > 0)
            output.WriteLine($"  on the left alone, such as: {string.Join(", ", keys.OnlyLeft)}");
        if (keys.OnlyRight.Count > 0)
            output.WriteLine($"  on the right alone, such as: {string.Join(", ", keys.OnlyRight)}");
        foreach (var miss in keys.NearMisses)
        {
            output.WriteLine($"  {CountText.Of(miss.Keys, "key")} differ in {KeyDifferenceText.Of(miss)}:");
            foreach (var pair in miss.Examples)
                output.WriteLine($"    left {pair.Left}, right {pair.Right}");
        }
    }

    static void WriteDistances(DistanceReport distances, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"right time less left time, of each {distances.Of} record and the nearest of its key: "
            + $"{N(distances.InWindow)} of {N(distances.Pairs)} within the window");
        var most = distances.Histogram.Max(bucket => bucket.Pairs);
        var table = new TextTable(["  from", "to", "pairs", ""], [0, 1, 2]);
        foreach (var bucket in distances.Histogram)
        {
            var bar = new string('#', (int)((long)bucket.Pairs * BarMax / most));
            table.Add(["  " + Bound(bucket.FromMs), Bound(bucket.ToMs), N(bucket.Pairs), bar]);
        }

        table.Write(output, "");
    }

    static void WriteWhere(IReadOnlyList<TermReport> terms, TextWriter output)
    {
        if (terms.Count == 0)
            return;
        output.WriteLine();
        var table = new TextTable(["where", "pairs", "holds", "fails", "unknown", "a pair for which it does not hold"], [1, 2, 3, 4]);
        foreach (var term in terms)
            table.Add(["  " + term.Term, N(term.Pairs), N(term.Holds), N(term.Fails), N(term.Unknown), term.Example ?? "-"]);
        table.Write(output, "");
    }

    static void WriteAdvice(TimeAdvice advice, TextWriter output)
    {
        output.WriteLine();
        if (advice.MaxOutOfOrdernessMs is { } disorder)
            output.WriteLine($"max-out-of-orderness = {Durations.Show(disorder)} would make no record of this sample late");
        if (advice is { BeforeMs: { } before, AfterMs: { } after })
        {
            output.WriteLine(
                $"before = {Durations.Show(before)}, after = {Durations.Show(after)} would take in 99 of 100 of the nearest pairs");
        }
    }

    static string Times(TimeRange? times) => times is null ? "" : $" from {TimeText.Iso(times.Oldest)} to {TimeText.Iso(times.Newest)}";

    static string Bound(long ms) => Math.Abs(ms) > TimeLimits.Max ? (ms < 0 ? "less" : "more") : Durations.Show(ms);

    static string Percent(double share) => (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    static string N(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    static string Word<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
