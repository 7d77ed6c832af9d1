using AkkaJoin.Cockpit.Text;
using AkkaJoin.Pipeline.Settings.Reading;

namespace AkkaJoin.Cockpit.Diagnosis;

/// <summary>The causes that lie between the sides.</summary>
/// <param name="findings">What was found.</param>
/// <param name="hasWrongUnit">Whether a side's times are read in a wrong unit: then they say nothing.</param>
sealed class PairCauses(SampleFindings findings, bool hasWrongUnit)
{
    const int PairsMin = 5;

    // Topics that lie no further apart and share keys are of one time: the window is too narrow.
    const long NearMs = 3_600_000;

    // A side ends where half of the other side's records lie further behind its end than this.
    const long LongMs = 600_000;

    // A side has stopped where it lacks more than this, and more than some of its gaps.
    const long StoppedMinMs = 30_000;
    const int StoppedGaps = 5, StoppedRecordsMin = 10;

    // It stands last where something else explains more, and it is never "nothing looks wrong".
    const double StoppedWeightMin = 0.1;

    readonly TimeRange? _left = findings.LeftReport.Times;
    readonly TimeRange? _right = findings.RightReport.Times;

    internal IEnumerable<Cause> Find()
    {
        var keyed = Step(StepAnalysis.HaveKey);
        if (keyed.Left == 0 || keyed.Right == 0)
            return [];
        var apart = hasWrongUnit ? null : NoOverlap();
        return new[]
        {
            apart,
            hasWrongUnit || apart is not null ? null : SideEnds(),
            KeysDiffer(),
            KeysApart(apart is not null),
            hasWrongUnit || apart is not null ? null : OutsideWindow(),
            WhereFalse(),
        }.OfType<Cause>();
    }

    StepReport Step(string name) => findings.Steps.First(step => step.Step == name);

    // The share that is lost on the side that loses less: a join of many views and few plays is well when each play
    // finds its view.
    double Loss(string from, string to)
    {
        var (before, after) = (Step(from), Step(to));
        return 1 - Math.Max(Share(after.Left, before.Left), Share(after.Right, before.Right));
    }

    static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;

    double NearShare() =>
        Math.Min(1, Share(findings.Keys.NearMisses.Sum(miss => miss.Keys), Math.Min(findings.Keys.Left, findings.Keys.Right)));

    Cause? KeysDiffer()
    {
        if (findings.Keys.NearMisses.MaxBy(miss => miss.Keys) is not { } miss)
            return null;
        var example = miss.Examples[0];
        var fewer = findings.Keys.Left <= findings.Keys.Right ? "left" : "right";
        return new Cause(
            CauseCode.KeysDiffer,
            Math.Min(Loss(StepAnalysis.HaveKey, StepAnalysis.KeyOnBothSides), NearShare()),
            $"{N(miss.Keys)} of {N(Math.Min(findings.Keys.Left, findings.Keys.Right))} {fewer} keys equal one of the other side but for "
                + $"{KeyDifferenceText.Of(miss)}: left {example.Left}, right {example.Right}",
            KeySettings(),
            null,
            KeyDifferenceText.Todo(miss.Difference));
    }

    Cause? KeysApart(bool hasNoOverlap)
    {
        var keys = findings.Keys;
        var loss = Loss(StepAnalysis.HaveKey, StepAnalysis.KeyOnBothSides) - NearShare();
        if (keys.OnlyLeft.Count == 0 || keys.OnlyRight.Count == 0)
            return null;
        var isPart = findings.Left.Partitions.Concat(findings.Right.Partitions).Any(partition => partition.HasOlder);
        return new Cause(
            CauseCode.KeysApart,
            loss * (hasNoOverlap ? 0.8 : isPart ? 0.9 : 1),
            $"{(keys.Both == 0 ? "no key occurs" : $"{N(keys.Both)} keys occur")} on both sides: left has {N(keys.Left)} "
                + $"such as {keys.OnlyLeft[0]}, right {N(keys.Right)} such as {keys.OnlyRight[0]}",
            KeySettings(),
            null,
            "name the field that means the same on both sides" + (isPart ? "; the topics have older records that were not read" : ""));
    }

    // Each range is as wide as the window lets it reach.
    Cause? NoOverlap()
    {
        if (_left is null || _right is null || (findings.Distances is { Pairs: >= PairsMin, Shift.IsTimeZone: true }))
            return null;
        var leftIsOlder = _left.Newest + findings.Pairs.UpperMs < _right.Oldest;
        if (!leftIsOlder && _left.Oldest + findings.Pairs.LowerMs <= _right.Newest)
            return null;
        var gap = leftIsOlder
            ? _right.Oldest - _left.Newest - findings.Pairs.UpperMs
            : _left.Oldest + findings.Pairs.LowerMs - _right.Newest;
        if (findings.Distances is { Pairs: >= PairsMin } && gap <= Math.Max(NearMs, findings.Pairs.UpperMs - findings.Pairs.LowerMs))
            return null;
        var (older, newer, newerSide) = leftIsOlder ? (_left, _right, findings.Right) : (_right, _left, findings.Left);
        var (olderName, newerName) = leftIsOlder ? ("left", "right") : ("right", "left");
        var mayReachBack = newerSide.Partitions.Any(partition => partition.HasOlder);
        return new Cause(
            CauseCode.NoOverlap,
            (mayReachBack ? 0.6 : 0.97) * CauseFinder.LossOf(findings),
            $"the topics are of different times: the newest {olderName} record is of {TimeText.Iso(older.Newest)}, the oldest {newerName} "
                + $"one {(mayReachBack ? "of the sample " : "")}of {TimeText.Iso(newer.Oldest)}",
            [CauseFinder.Path(findings.Join, olderName, "topic")],
            null,
            mayReachBack
                ? $"look at the {newerName} records of that time too: --to {TimeText.Iso(older.Newest)}"
                : $"see why the {olderName} topic has nothing newer, or whether its times are of another clock");
    }

    Cause? SideEnds()
    {
        // Where keys meet outside the window alone, their distances say more.
        if (_left is null || _right is null || findings.Distances is { Pairs: >= PairsMin, InWindow: 0 })
            return null;
        var (olderName, newerName, older) = _left.Newest < _right.Newest ? ("left", "right", _left) : ("right", "left", _right);
        var reach = older.Newest + (olderName == "left" ? findings.Pairs.UpperMs : -findings.Pairs.LowerMs);
        var (newer, stopped) = olderName == "left" ? (findings.Right, findings.Left) : (findings.Left, findings.Right);
        var beyond = newer.Records.Count(record => record.Time > reach + LongMs);
        var isLong = beyond * 2 >= newer.Records.Count;
        var newest = olderName == "left" ? _right.Newest : _left.Newest;
        if (!isLong && !HasStopped(stopped, newest - reach))
            return null;
        var share = newer.Records.Count(record => record.Time > reach) / (double)newer.Records.Count;
        return new Cause(
            CauseCode.SideEnds,
            isLong ? 0.6 * beyond / newer.Records.Count : Math.Max(StoppedWeightMin, 0.6 * share),
            isLong
                ? $"{N(beyond)} of {N(newer.Records.Count)} {newerName} records are of a time for which the {olderName} topic has nothing: "
                    + $"its newest is of {TimeText.Iso(older.Newest)}"
                : $"the {olderName} topic {stopped.Source.Topic} has stopped: its newest record is of {TimeText.Iso(older.Newest)}, "
                    + $"the newest {newerName} one of {TimeText.Iso(newest)}",
            [CauseFinder.Path(findings.Join, olderName, "topic")],
            null,
            "see whether its producer runs");
    }

    // What is missing is long beside the gaps that the side has otherwise. A sparse side has long ones. The two
    // longest do not count: the side may have stopped before.
    static bool HasStopped(SampledSide side, long missingMs)
    {
        var times = side.Records.Select(record => record.Time).OfType<long>().Order().ToList();
        return times.Count >= StoppedRecordsMin
            && missingMs > Math.Max(StoppedMinMs, StoppedGaps * times.Zip(times.Skip(1), (a, b) => b - a).OrderDescending().ElementAt(2));
    }

    Cause? OutsideWindow()
    {
        if (findings.Distances is not { } distances || distances.InWindow == distances.Pairs)
            return null;
        var isAfter = distances.MedianMs >= findings.Pairs.LowerMs;
        var needed = isAfter ? findings.Advice.AfterMs : findings.Advice.BeforeMs;
        var apart = distances.Shift is { } shift
            ? $"{shift.Share * 100:0} % of them lie {Durations.Show(Math.Abs(shift.Ms))} apart, the right one "
                + $"{(shift.Ms < 0 ? "before" : "after")} the left one{(shift.IsTimeZone ? ": a time zone?" : "")}"
            : $"half of them lie more than {Durations.Show(Math.Abs(distances.MedianMs))} apart, the right one "
                + $"{(distances.MedianMs < 0 ? "before" : "after")} the left one";
        return new Cause(
            CauseCode.OutsideWindow,
            Loss(StepAnalysis.KeyOnBothSides, StepAnalysis.InWindow) * Reach(StepAnalysis.KeyOnBothSides),
            $"{N(distances.Pairs - distances.InWindow)} of {N(distances.Pairs)} {distances.Of} records find their key outside the "
                + $"window alone; {apart}",
            [CauseFinder.Path(findings.Join, isAfter ? "after" : "before")],
            needed is > 0 and var ms ? Durations.Show(ms) : null,
            distances.Shift is { IsTimeZone: true }
                ? "have the producer write UTC, or times with their offset; until then a wider window takes them in"
                : "widen the window, or see which clock the times are of");
    }

    Cause? WhereFalse()
    {
        if (findings.Join.Where is null || Step(StepAnalysis.InWindow) is { Left: 0 } || findings.Where is not [var worst, ..])
            return null;
        return new Cause(
            CauseCode.WhereFalse,
            Loss(StepAnalysis.InWindow, StepAnalysis.WhereHolds) * Reach(StepAnalysis.InWindow),
            $"of {CountText.Of(worst.Pairs, "pair")} within the window '{worst.Term}' holds for {N(worst.Holds)}, fails for "
                + $"{N(worst.Fails)}, and cannot be told for {N(worst.Unknown)}" + (worst.Example is null ? "" : $": {worst.Example}"),
            [CauseFinder.Path(findings.Join, "where")],
            null,
            worst.Unknown > worst.Fails
                ? "name fields that both records have, with values of one type"
                : "see whether the condition is meant so");
    }

    string[] KeySettings() => [CauseFinder.Path(findings.Join, "left", "key"), CauseFinder.Path(findings.Join, "right", "key")];

    // What few records come to explains little.
    double Reach(string step) => 1 - (0.5 * Loss(StepAnalysis.HaveKey, step));

    static string N(long count) => CauseFinder.N(count);
}
