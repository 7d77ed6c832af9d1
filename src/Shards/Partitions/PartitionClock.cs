using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Shards.Partitions;

/// <summary>
/// What a key group knows of one source partition.
/// <para>
/// Example, <c>idle.timeout</c> 60 s: a record set the watermark 12:00:00 when the clock said 12:00:05. A claim with
/// the clock 12:01:35 moves it by 12:01:35 - 12:00:05 - 60 s = 30 s, to 12:00:30. The clock of that is 12:01:35 - 60 s,
/// so the next claim adds what has passed since this one.
/// </para>
/// </summary>
/// <param name="AppliedOffset">
/// The applied offset, exclusive: every record below it that belongs to the group was applied, exactly once; none at or
/// above it was. -1 = unknown.
/// </param>
/// <param name="Watermark">
/// ms since the epoch: a record that still comes with an earlier time is late. It comes from the records below the
/// applied offset alone.
/// </param>
/// <param name="MovedWatermark">
/// The watermark as claims of idleness have moved it on; never below <paramref name="Watermark"/>. Used while the
/// partition is idle. Of one that is left out it moves too: where the policy becomes wall-clock, it is where it would
/// be if it had been wall-clock all the time, and not where the last record left it days ago.
/// </param>
/// <param name="ClockMs">
/// The clock to which the moved watermark belongs, ms since the epoch; <c>SideWatermarks.None</c> = unknown.
/// </param>
/// <param name="Claim">Whether the partition is claimed to be idle at its applied offset.</param>
readonly record struct PartitionClock(
    long AppliedOffset, long Watermark, long MovedWatermark, long ClockMs = SideWatermarks.None, IdleClaim Claim = IdleClaim.None)
{
    internal PartitionClock(long appliedOffset, long watermark)
        : this(appliedOffset, watermark, watermark)
    {
    }

    /// <summary>A partition of which nothing is known.</summary>
    internal static PartitionClock Unknown => new(-1, SideWatermarks.None);

    /// <summary>What it counts as in its side's minimum.</summary>
    internal Standing Standing =>
        Watermark <= SideWatermarks.None ? (Claim == IdleClaim.None ? Standing.Unheard : Standing.Empty)
        : Claim switch
        {
            IdleClaim.None => Standing.Active,
            IdleClaim.WallClock => Standing.Idle,
            _ => Standing.Excluded,
        };

    /// <summary>
    /// Takes in what a batch or a tick says. A record above the applied offset ends the idleness, and one that raises
    /// the watermark ends what claims made of it.
    /// </summary>
    /// <param name="offset">The offset through which it is applied, exclusive; -1 = nothing is said.</param>
    /// <param name="watermark">The watermark of the records below it.</param>
    /// <param name="clockMs">The clock when that watermark was set, or <c>SideWatermarks.None</c>.</param>
    internal PartitionClock Raised(long offset, long watermark, long clockMs)
    {
        var raised = this;
        if (watermark > Watermark)
            raised = raised with { Watermark = watermark, MovedWatermark = watermark, ClockMs = clockMs, Claim = IdleClaim.None };
        else if (watermark == Watermark)
            raised = raised with { ClockMs = Math.Max(ClockMs, clockMs) };
        return offset > AppliedOffset ? raised with { AppliedOffset = offset, Claim = IdleClaim.None } : raised;
    }

    /// <summary>
    /// Takes in a claim. It counts only at the applied offset: above it there are records that the group has not
    /// applied, below it the partition was not idle any more.
    /// </summary>
    /// <param name="claim">The claim.</param>
    /// <param name="rules">The rules of the join.</param>
    /// <param name="letGoMs">
    /// The clock when time was let go for the last time: <see cref="Flow.TimeHold.ClockMs"/>.
    /// </param>
    internal PartitionClock Claimed(in Tick claim, in TimeRules rules, long letGoMs)
    {
        if (claim.To != AppliedOffset || !rules.Counts(claim.Kind))
            return this;
        var since = claim.ClockMs - rules.TimeoutMs;

        // Such a claim leaves the partition out at once, and the silence may be of a time in which nobody listened. One
        // that moves a watermark counts from that clock on by itself.
        if (since < letGoMs && (rules.Policy == IdlePolicy.Exclude || Watermark <= SideWatermarks.None))
            return this;
        var clock = ClockMs > SideWatermarks.None ? ClockMs : since;
        var claimed = this with { ClockMs = Math.Max(clock, since) };
        if (Watermark > SideWatermarks.None)
        {
            var moved = MovedWatermark + Math.Max(0, since - clock);
            claimed = claimed with
            {
                MovedWatermark = Math.Max(MovedWatermark, Math.Min(moved, claim.ClockMs - rules.MaxOutOfOrdernessMs)),
            };
        }

        return claimed with { Claim = rules.Policy == IdlePolicy.Exclude ? IdleClaim.Exclude : IdleClaim.WallClock };
    }
}

/// <summary>
/// Whether a partition is claimed to be idle, and by which policy. The numbers are part of snapshots.
/// </summary>
enum IdleClaim : byte
{
    /// <summary>It is not.</summary>
    None = 0,

    /// <summary>Its watermark moves on with the clock.</summary>
    WallClock = 1,

    /// <summary>It is left out of its side's minimum.</summary>
    Exclude = 2,
}

/// <summary>What a partition counts as in its side's minimum.</summary>
enum Standing
{
    /// <summary>No record of it set a watermark, and nobody claims that it is idle: minus infinity.</summary>
    Unheard,

    /// <summary>Its watermark counts.</summary>
    Active,

    /// <summary>Its moved watermark counts, up to what the waiting records need.</summary>
    Idle,

    /// <summary>It has a watermark, and is left out until its next record.</summary>
    Excluded,

    /// <summary>It never had a record that set a watermark, and is left out until it has.</summary>
    Empty,
}
