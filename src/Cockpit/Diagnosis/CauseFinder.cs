using System.Globalization;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline.Hocon;
using AkkaJoin.Pipeline.Settings;

namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>
/// Ranks what may be the cause. A cause weighs as much as the share of records that is lost where it works, among those
/// that come so far; where two weigh the same, the one that records meet first stands first.
/// </summary>
sealed class CauseFinder(SampleFindings findings)
{
    // Less explains nothing.
    const double WeightMin = 0.05;

    internal IReadOnlyList<Cause> Find()
    {
        var (left, right) = (UnitAnalysis.Of(findings.Left), UnitAnalysis.Of(findings.Right));
        var factor = left is null && right is null ? Factor() : null;
        Cause[] all =
        [
            .. new SideCauses(findings, findings.Left, findings.LeftReport, left).Find(),
            .. new SideCauses(findings, findings.Right, findings.RightReport, right).Find(),
            .. new[] { factor }.OfType<Cause>(),
            .. new PairCauses(findings, left is not null || right is not null || factor is not null).Find(),
        ];
        return
        [
            .. all.Where(cause => cause.Weight >= WeightMin)
                .OrderByDescending(cause => Math.Round(cause.Weight, 2)).ThenBy(cause => cause.Code),
        ];
    }

    /// <summary>The share of the records without a partner, on the side that has fewer of them.</summary>
    internal static double LossOf(SampleFindings findings)
    {
        var (first, last) = (findings.Steps[0], findings.Steps[^1]);
        return 1 - Math.Max(Share(last.Left, first.Left), Share(last.Right, first.Right));
    }

    /// <summary>The HOCON path of a setting of the join.</summary>
    internal static string Path(JoinSettings join, params string[] names) => Paths.Show(["akkajoin", "joins", join.Name, .. names]);

    internal static string N(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;

    // The times of one side cannot be read otherwise, as they are not fields; but they lie a unit apart.
    Cause? Factor()
    {
        var (left, right) = (findings.LeftReport.Times, findings.RightReport.Times);
        if (UnitAnalysis.Factor(left, right) is not { } factor)
            return null;
        var (lower, name) = left!.Median < right!.Median ? (findings.Left, "left") : (findings.Right, "right");
        return new Cause(
            CauseCode.TimeUnit,
            0.98 * LossOf(findings),
            $"the times of one side are {N((long)factor)} times those of the other: left {TimeText.Iso(left.Median)}, "
                + $"right {TimeText.Iso(right.Median)}",
            [Path(findings.Join, name, lower.Source.TimePath is null ? "time" : "time-format")],
            null,
            "read the times of both sides in the unit that they have");
    }
}
