using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>
/// What the next event of a key group says of time: that it rests, or how far it rises while the join wakes. The writer
/// of an event chooses that; a replay reads it (<see cref="TimeHold"/>).
/// <para>
/// Example. A join wakes, and 25,000 rows are due. The next event lets time rise until about 10,000 of them are out
/// (<see cref="KeyGroupLimits.WakeRowsMax"/>), so does the one behind it, and the third one sets time free.
/// </para>
/// </summary>
sealed class HoldPolicy(AppliedState state, PendingEvent pending, KeyGroupLimits limits)
{
    bool _isStopping;

    /// <summary>What is asked of time, as the node knows it.</summary>
    internal TimeOrder Order { get; set; }

    /// <summary>Whether there is something to say, though nothing else waits.</summary>
    internal bool IsDue => IsToObey || (!_isStopping && Present.IsWaking);

    TimeHold Present => state.Clocks.TimeHold;

    // A group that could not write it yet, since a node of an older format was there, does so when it can. That node
    // can read none of the events of a group that rests, so nothing is lost by its next ones. No journal may begin with
    // an order: the definition is in the first event, and a group that stops has dropped it.
    bool IsToObey => Present.IsBefore(Order)
        && (pending.FormatVersion >= FormatVersions.JoinTime || Present.Kind != HoldKind.Awake)
        && !(_isStopping && state.Buffered is null);

    /// <summary>What the next event says; null = time goes on as it did.</summary>
    internal TimeHold? Next()
    {
        var hold = IsToObey ? TimeHold.Of(Order) : Present;
        if (hold.IsWaking)
            hold = hold.To(NextStep());
        return hold == Present ? null : hold;
    }

    /// <summary>The group stops: its successor goes on with the steps.</summary>
    internal void Stop() => _isStopping = true;

    // The records of this very event are not counted, and neither is what they move. Where they move time, the next
    // events have more steps.
    (long Left, long Right) NextStep() => state.Buffered is not { Count: > 0 } buffered
        ? (SideWatermarks.NoLimit, SideWatermarks.NoLimit)
        : buffered.StepTo(state.AwakeWith(pending.Ticks, pending.Claims, pending.Definition ?? buffered.Definition), limits.WakeRowsMax);
}
