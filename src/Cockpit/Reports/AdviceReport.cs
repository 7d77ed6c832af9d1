namespace AkkaJoin.Cockpit.Reports;

/// <summary>What other limits of time would do to a join, judged by the records that it has read.</summary>
/// <param name="Join">The name of the join.</param>
/// <param name="AtMs">When it was made, ms since the epoch by the wall clock.</param>
/// <param name="SinceMs">Since when the figures are counted; null = no node counts.</param>
/// <param name="Left">The left side.</param>
/// <param name="Right">The right side.</param>
/// <param name="Choices">Values of <c>max-out-of-orderness</c>, rising; one is the present one.</param>
/// <param name="Window">The window.</param>
/// <param name="Advice">One sentence.</param>
/// <param name="Setting">The setting that the sentence speaks of; null = there is nothing to set.</param>
/// <param name="Missing">The nodes whose part is missing.</param>
sealed record AdviceReport(
    string Join,
    long AtMs,
    long? SinceMs,
    AdviceSide Left,
    AdviceSide Right,
    IReadOnlyList<AdviceChoice> Choices,
    AdviceWindow Window,
    string Advice,
    AdviceSetting? Setting,
    IReadOnlyList<MissingNode> Missing)
{
    /// <summary>Whether there are too few records to conclude anything.</summary>
    public bool IsTooFew { get; init; }

    /// <summary>
    /// Whether the records are so old that delays are reckoned as if they were read when they happened.
    /// </summary>
    public bool IsHistory { get; init; }

    /// <summary><c>late.repair-for</c>, ms, where late records repair rows: by so much less a record is late.</summary>
    public long RepairForMs { get; init; }
}

/// <summary>The times of one side.</summary>
/// <param name="Side">The side.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Records">Records that went to key groups.</param>
/// <param name="MaxDisorderMs">How far the furthest lay below the highest time of its partition.</param>
/// <param name="WorstPartition">The partition with the most records that would be late now; null = none would.</param>
/// <param name="LagMs">How far its time mostly is behind the clock, ms; null = not known.</param>
/// <param name="LagMaxMs">How far at most, 99 of 100 times.</param>
sealed record AdviceSide(Side Side, string Topic, long Records, long MaxDisorderMs, int? WorstPartition, long? LagMs, long? LagMaxMs);

/// <summary>What a value of <c>max-out-of-orderness</c> means.</summary>
/// <param name="MaxOutOfOrdernessMs">The value.</param>
/// <param name="IsPresent">Whether it is the one that is configured.</param>
/// <param name="LeftLateShare">The share of the lefts that would be late, at most.</param>
/// <param name="RightLateShare">The share of the rights that would be late, at most.</param>
/// <param name="LeftDelayMs">
/// How long after it happened an unmatched left mostly comes out, ms; null = the type of join has no such rows.
/// </param>
/// <param name="RightDelayMs">The same of an unmatched right.</param>
/// <param name="StateBytes">About how large the state is.</param>
sealed record AdviceChoice(
    long MaxOutOfOrdernessMs,
    bool IsPresent,
    double LeftLateShare,
    double RightLateShare,
    long? LeftDelayMs,
    long? RightDelayMs,
    long StateBytes);

/// <summary>How pairs lie in the window.</summary>
/// <param name="Pairs">How many pairs there were.</param>
/// <param name="Before">The part that <c>before</c> ends; null = it has none.</param>
/// <param name="After">The part that <c>after</c> ends; null = it has none.</param>
sealed record AdviceWindow(long Pairs, AdviceArm? Before, AdviceArm? After);

/// <summary>One end of the window.</summary>
/// <param name="BoundMs">The bound as it is, ms.</param>
/// <param name="LastTenthShare">Which share of all pairs lies in its last tenth.</param>
/// <param name="LeftIfHalvedShare">Which share of all pairs would be left if it were halved.</param>
/// <param name="HalvedMs">The bound then, ms.</param>
/// <param name="DoubledMs">The bound if it were doubled, ms.</param>
sealed record AdviceArm(long BoundMs, double LastTenthShare, double LeftIfHalvedShare, long HalvedMs, long DoubledMs);

/// <summary>A setting to change.</summary>
/// <param name="Key">Its HOCON path.</param>
/// <param name="Value">The value to try.</param>
sealed record AdviceSetting(string Key, string Value);
