using AkkaJoin.Cockpit.Diagnosis;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Cockpit.Advice;

/// <summary>
/// Finds the one sentence of an advice. What loses rows comes first: late records, then a window that is too narrow.
/// What only costs comes after: a limit that is larger than any record needs, then a window that is too wide. A record
/// of which nothing is known yet may be worse than all before it: so there is advice only from many of them.
/// </summary>
/// <param name="join">The join.</param>
/// <param name="report">The report without the sentence.</param>
/// <param name="times">What it was made of.</param>
sealed class AdviceFinder(JoinSettings join, AdviceReport report, JoinTimes times)
{
    /// <summary>From fewer records nothing is concluded.</summary>
    internal const long RecordsMin = 1_000;

    /// <summary>From fewer pairs nothing is concluded about the window.</summary>
    internal const long PairsMin = 1_000;

    /// <summary>From fewer records nothing is concluded that would make more of them late.</summary>
    internal const long RecordsOfLowerMin = 10_000;

    // Of a thousand records one may be late; of a hundred pairs one may lie in the last tenth.
    const double LateMax = 0.001, LastTenthMax = 0.01;

    // To save less is not worth a change.
    const double SavedMin = 0.1;

    // A lower limit is as many times what the records needed so far.
    const int Margin = 2;

    const string Limit = "max-out-of-orderness";

    readonly AdviceChoice _present = report.Choices.First(choice => choice.IsPresent);

    long Records => report.Left.Records + report.Right.Records;

    /// <summary>The report with its sentence.</summary>
    internal AdviceReport Find()
    {
        if (Records < RecordsMin)
        {
            var since = report.SinceMs is { } at ? $" since {TimeText.Iso(at)}" : "";
            return report with
            {
                IsTooFew = true,
                Advice = $"Too few records to advise: {CountText.Of(Records, "record")}{since}; ask again after {Cell.Of(RecordsMin)}.",
            };
        }

        var (text, setting) = Late() ?? Narrow() ?? Lower() ?? Wide() ?? ("Nothing to change.", null);
        return report with { Advice = text, Setting = setting };
    }

    // Too many are late.
    (string, AdviceSetting?)? Late()
    {
        var share = LateShare(_present);
        if (share <= LateMax)
            return null;
        var side = _present.LeftLateShare >= _present.RightLateShare ? report.Left : report.Right;
        var of = Cell.Of(side.Side) + "s";
        if (join.Late == LatePolicy.Repair)
            return RepairLonger(share, of);
        if (report.Choices.FirstOrDefault(choice => LateShare(choice) <= LateMax) is { } better)
        {
            return (
                $"Set {Limit} = {Durations.Show(better.MaxOutOfOrdernessMs)}: {AdviceText.Share(LateShare(better))} of the {of} would "
                    + $"be late instead of {AdviceText.Share(share)}{CostOf(better)}.",
                Set(Limit, better.MaxOutOfOrdernessMs));
        }

        return (
            $"{AdviceText.Share(LateShare(report.Choices[^1]))} of the {of} lie further below the highest time of their partition than "
                + $"{Durations.Show(report.Choices[^1].MaxOutOfOrdernessMs)}, so a longer {Limit} does not help: set "
                + $"{Path("max-jump")} if a record's time ran ahead, or late.policy = repair if they really come so late.",
            null);
    }

    (string, AdviceSetting?) RepairLonger(double share, string of)
    {
        var needed = Math.Max(times.Disorder(Side.Left).Quantile(1 - LateMax), times.Disorder(Side.Right).Quantile(1 - LateMax));
        var longer = DistanceAnalysis.RoundUp(Math.Max(1, needed - join.MaxOutOfOrdernessMs));
        return (
            $"Set late.repair-for = {Durations.Show(longer)}: {AdviceText.Share(share)} of the {of} come too late for a repair; "
                + "with it, at most 1 in 1,000 would.",
            new AdviceSetting(Path("late", "repair-for"), Durations.Show(longer)));
    }

    // Pairs are missed beyond the end of the window.
    (string, AdviceSetting?)? Narrow()
    {
        if (report.Window.Pairs < PairsMin)
            return null;
        var (name, arm) = Arms().OrderByDescending(each => each.Arm.LastTenthShare).FirstOrDefault();
        if (arm is null || arm.LastTenthShare < LastTenthMax)
            return null; // a window of no length has no arms
        return (
            $"Set {name} = {Durations.Show(arm.DoubledMs)}, in a join of another name, if you want the pairs beyond: "
                + $"{AdviceText.Share(arm.LastTenthShare)} of the pairs lie in the last tenth of {name} = {Durations.Show(arm.BoundMs)}, "
                + "so some lie behind it.",
            Set(name, arm.DoubledMs));
    }

    // The limit is larger than any record needs.
    (string, AdviceSetting?)? Lower()
    {
        var worst = Math.Max(report.Left.MaxDisorderMs, report.Right.MaxDisorderMs);
        var lower = report.Choices.FirstOrDefault(choice =>
            choice.MaxOutOfOrdernessMs >= worst * Margin && choice.MaxOutOfOrdernessMs * Margin <= _present.MaxOutOfOrdernessMs);
        if (lower is null || Records < RecordsOfLowerMin)
            return null;
        if (lower.LeftDelayMs is null && lower.RightDelayMs is null && Saved(lower) < SavedMin)
            return null;
        return (
            $"Set {Limit} = {Durations.Show(lower.MaxOutOfOrdernessMs)}: none of {CountText.Of(Records, "record")} came more than "
                + $"{Durations.Show(worst)} behind{CostOf(lower)}.",
            Set(Limit, lower.MaxOutOfOrdernessMs));
    }

    // All pairs would be left in half of the window.
    (string, AdviceSetting?)? Wide()
    {
        if (report.Window.Pairs < PairsMin)
            return null;
        var (name, arm) = Arms().FirstOrDefault(each => each.Arm is { LeftIfHalvedShare: 1, BoundMs: > 1_000 });
        if (arm is null)
            return null;
        return (
            $"Set {name} = {Durations.Show(arm.HalvedMs)}, in a join of another name: all {Cell.Of(report.Window.Pairs)} pairs lie "
                + "within it, and the state is smaller.",
            Set(name, arm.HalvedMs));
    }

    IEnumerable<(string Name, AdviceArm Arm)> Arms()
    {
        if (report.Window.Before is { } before)
            yield return ("before", before);
        if (report.Window.After is { } after)
            yield return ("after", after);
    }

    string CostOf(AdviceChoice choice)
    {
        var delay = choice.MaxOutOfOrdernessMs - _present.MaxOutOfOrdernessMs;
        var rows = choice.LeftDelayMs is null && choice.RightDelayMs is null
            ? ""
            : $", unmatched rows would come {Cell.Duration(Math.Abs(delay))} {(delay > 0 ? "later" : "earlier")}";
        return $"{rows}, and the state would be about {Cell.Bytes(choice.StateBytes)} instead of {Cell.Bytes(_present.StateBytes)}";
    }

    double Saved(AdviceChoice choice) => _present.StateBytes == 0 ? 0 : 1 - ((double)choice.StateBytes / _present.StateBytes);

    static double LateShare(AdviceChoice choice) => Math.Max(choice.LeftLateShare, choice.RightLateShare);

    AdviceSetting Set(string name, long ms) => new(Path(name), Durations.Show(ms));

    string Path(params string[] names) => CauseFinder.Path(join, names);
}
