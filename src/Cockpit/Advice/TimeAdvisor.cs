using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Histograms;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Cockpit.Advice;

/// <summary>
/// Reckons what other limits of time would do to a join. A record would be late where it lies below the highest time of
/// its partition by more than the limit; fewer are where another partition holds back the time of the side. A record is
/// held from its time until <see cref="JoinThresholds"/> forgets it; the state grows with that and with the rates of
/// the sides, from what it is now.
/// </summary>
/// <param name="join">The join.</param>
/// <param name="figures">What the nodes counted.</param>
/// <param name="stateBytes">How large the state is now.</param>
/// <param name="nowMs">ms since the epoch by the wall clock.</param>
sealed class TimeAdvisor(JoinSettings join, IReadOnlyList<TimeFigures> figures, long stateBytes, long nowMs)
{
    // Beyond this the records are not of today.
    const long HistoryMs = 86_400_000;
    const double Mostly = 0.5, NearlyAlways = 0.99;

    static readonly long[] Limits = [1_000, 5_000, 30_000, 60_000, 300_000, 900_000, 3_600_000];

    // The topics are of no matter here.
    readonly JoinDefinition _definition =
        DefinitionBuilder.Build(join, new TopicInfo(join.Left.Topic, 1, ""), new TopicInfo(join.Right.Topic, 1, ""));

    /// <summary>The advice.</summary>
    /// <param name="missing">The nodes whose part is missing.</param>
    internal AdviceReport Advise(IReadOnlyList<MissingNode> missing)
    {
        var times = new JoinTimes(figures, -_definition.BeforeMs, _definition.AfterMs);
        var (leftLag, rightLag) = (LagOf(times.LeftLag), LagOf(times.RightLag));
        var isHistory = Math.Max(leftLag, rightLag) - join.MaxOutOfOrdernessMs > HistoryMs;
        if (isHistory)
            (leftLag, rightLag) = (join.MaxOutOfOrdernessMs, join.MaxOutOfOrdernessMs);
        var report = new AdviceReport(
            join.Name,
            nowMs,
            times.SinceMs,
            SideOf(times, Side.Left, times.LeftLag),
            SideOf(times, Side.Right, times.RightLag),
            [
                .. Limits.Append(join.MaxOutOfOrdernessMs).Distinct().Order()
                    .Select(limit => Choice(times, limit, leftLag, rightLag)),
            ],
            WindowOf(times.Pairs),
            "",
            null,
            missing)
        {
            IsHistory = isHistory,
            RepairForMs = join.RepairForMs,
        };
        return new AdviceFinder(join, report, times).Find();
    }

    long LagOf(LogHistogram lag) => lag.Count == 0 ? join.MaxOutOfOrdernessMs : lag.Quantile(Mostly);

    AdviceSide SideOf(JoinTimes times, Side side, LogHistogram lag)
    {
        var disorder = times.Disorder(side);
        return new AdviceSide(
            side,
            join.Source(side).Topic,
            disorder.Count,
            disorder.Max,
            times.WorstPartition(side, join.MaxOutOfOrdernessMs + join.RepairForMs),
            lag.Count == 0 ? null : lag.Quantile(Mostly),
            lag.Count == 0 ? null : lag.Quantile(NearlyAlways));
    }

    AdviceChoice Choice(JoinTimes times, long limitMs, long leftLagMs, long rightLagMs)
    {
        // The watermarks as they would be, less the clock.
        var more = limitMs - join.MaxOutOfOrdernessMs;
        var closed = ThresholdsAt(-leftLagMs - more, -rightLagMs - more);
        return new AdviceChoice(
            limitMs,
            limitMs == join.MaxOutOfOrdernessMs,
            LateShare(times, Side.Left, limitMs),
            LateShare(times, Side.Right, limitMs),
            _definition.Preserves(Side.Left) ? Math.Max(0, -closed.LeftClosedBefore) : null,
            _definition.Preserves(Side.Right) ? Math.Max(0, -closed.RightClosedBefore) : null,
            StateAt(times, limitMs, rightLagMs - leftLagMs));
    }

    double LateShare(JoinTimes times, Side side, long limitMs)
    {
        var disorder = times.Disorder(side);
        return disorder.Count == 0 ? 0 : (double)disorder.CountAbove(limitMs + join.RepairForMs) / disorder.Count;
    }

    long StateAt(JoinTimes times, long limitMs, long rightBehindMs)
    {
        var now = Held(times, join.MaxOutOfOrdernessMs, rightBehindMs);
        return now <= 0 ? stateBytes : (long)(stateBytes * (Held(times, limitMs, rightBehindMs) / now));
    }

    // Records of both sides, each times as long as it is held.
    double Held(JoinTimes times, long limitMs, long rightBehindMs)
    {
        var thresholds = ThresholdsAt(-limitMs, -limitMs - rightBehindMs);
        var left = (double)Math.Max(0, -thresholds.LeftForgottenBefore) * times.Disorder(Side.Left).Count;
        var right = (double)Math.Max(0, -rightBehindMs - thresholds.RightForgottenBefore) * times.Disorder(Side.Right).Count;
        return left + right;
    }

    JoinThresholds ThresholdsAt(long left, long right)
    {
        var watermarks = SideWatermarks.Unknown with { Left = left, Right = right };
        var horizon = watermarks with { Left = left - join.RepairForMs, Right = right - join.RepairForMs };
        return new JoinThresholds(_definition, watermarks, horizon);
    }

    static AdviceWindow WindowOf(PairFigures pairs)
    {
        var nearest = WindowHistogram.NearestOf(pairs.LowestMs, pairs.HighestMs);
        return new AdviceWindow(
            pairs.Count,
            ArmOf(pairs.Below, -pairs.LowestMs, nearest - pairs.LowestMs, pairs.Count),
            ArmOf(pairs.Above, pairs.HighestMs, pairs.HighestMs - nearest, pairs.Count));
    }

    static AdviceArm? ArmOf(IReadOnlyList<long> steps, long boundMs, long lengthMs, long pairs)
    {
        if (lengthMs <= 0)
            return null;
        var lastTenth = steps.Skip(WindowHistogram.Steps * 9 / 10).Sum();
        var outer = steps.Skip(WindowHistogram.Steps / 2).Sum();
        return new AdviceArm(
            boundMs,
            pairs == 0 ? 0 : (double)lastTenth / pairs,
            pairs == 0 ? 1 : (double)(pairs - outer) / pairs,
            boundMs - (lengthMs / 2),
            boundMs + lengthMs);
    }
}
