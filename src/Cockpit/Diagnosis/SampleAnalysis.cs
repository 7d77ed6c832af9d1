using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>
/// Tells from a sample of both topics why a join gives nothing. Pure: it reads nothing but its arguments.
/// </summary>
static class SampleAnalysis
{
    /// <summary>The diagnosis of a join.</summary>
    internal static JoinDiagnosis Of(JoinSettings join, SampledSide left, SampledSide right)
    {
        var pairs = new SamplePairs(join, left, right);
        var (leftReport, rightReport) = (SideAnalysis.Of(join, left), SideAnalysis.Of(join, right));
        var distances = DistanceAnalysis.Of(pairs);
        var findings = new SampleFindings(
            join,
            left,
            right,
            leftReport,
            rightReport,
            StepAnalysis.Of(join, left, right, pairs),
            KeyAnalysis.Of(left, right),
            pairs,
            distances,
            WhereAnalysis.Of(join, pairs),
            Advice(pairs, distances, leftReport, rightReport));
        var causes = new CauseFinder(findings).Find();
        return new JoinDiagnosis(
            join.Name,
            Answer(findings, causes),
            causes,
            leftReport,
            rightReport,
            findings.Steps,
            findings.Keys,
            distances,
            findings.Where,
            findings.Advice);
    }

    static TimeAdvice Advice(SamplePairs pairs, DistanceReport? distances, SideReport left, SideReport right)
    {
        var disorders = left.Partitions.Concat(right.Partitions).Select(partition => partition.Disorder).OfType<DisorderReport>().ToList();
        var needed = DistanceAnalysis.Needed(pairs, distances);
        return new TimeAdvice(
            disorders.Count == 0 ? null : DistanceAnalysis.RoundUp(disorders.Max(disorder => disorder.MaxMs)),
            needed?.BeforeMs,
            needed?.AfterMs);
    }

    static string Answer(SampleFindings findings, IReadOnlyList<Cause> causes)
    {
        var last = findings.Steps[^1];
        var found = $"Of the sample {Share(last.Left, findings.LeftReport.Records)} left and "
            + $"{Share(last.Right, findings.RightReport.Records)} right records find a partner";
        if (causes.Count == 0)
            return found + "; nothing looks wrong.";
        var text = causes[0].Text;
        return $"{found}. The likeliest cause: {text}{(text.EndsWith('?') ? "" : ".")}";
    }

    static string Share(int part, int whole) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{part:N0} of {whole:N0}");
}

/// <summary>All that was found in a sample.</summary>
sealed record SampleFindings(
    JoinSettings Join,
    SampledSide Left,
    SampledSide Right,
    SideReport LeftReport,
    SideReport RightReport,
    IReadOnlyList<StepReport> Steps,
    KeyReport Keys,
    SamplePairs Pairs,
    DistanceReport? Distances,
    IReadOnlyList<TermReport> Where,
    TimeAdvice Advice);
