using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Histograms;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// A source partition as one side of the join sees it: its watermark, and how far each key group is with it. In a
/// self-join a partition has two of them.
/// <para>
/// Two offsets say how far the key groups are. Below the tick offset every key group has acknowledged the records that
/// it got. Below the acknowledged offset every key group has acknowledged everything: also the groups that got no
/// records, which heard so by a tick. So ticks tell the first, and the second follows it.
/// </para>
/// <para>
/// Invariants. A tick speaks of offsets below which every key group has acknowledged the records that it got, and of
/// the watermark of the records below it, which is at or below the watermark of all that was read.
/// </para>
/// </summary>
sealed class SidePartition
{
    // Positions at which a chunk ended, and the watermark of the records below each, with its clock.
    readonly Queue<(long Position, long Watermark, long ClockMs)> _positions = new();
    readonly TimeJumps? _jumps;
    long _reached;

    // The Kafka timestamp of the record that moved time last; the clock when it was read.
    long _maxTimestampMs;
    long _clockMs = SideWatermarks.None;
    bool _isRaised;
    bool _isHeard;

    internal SidePartition(PartitionId id, int partitionCount, int groups, JumpLimit? jumps = null)
    {
        Id = id;
        _jumps = jumps is null ? null : new TimeJumps(jumps);
        PartitionCount = partitionCount;
        Cursors = new KeyGroupCursor[groups];
        for (var i = 0; i < groups; i++)
            Cursors[i] = new KeyGroupCursor();
    }

    internal PartitionId Id { get; }

    /// <summary>How many partitions the topic has.</summary>
    internal int PartitionCount { get; }

    /// <summary>By key group.</summary>
    internal KeyGroupCursor[] Cursors { get; }

    /// <summary>
    /// The highest event time below the position, ms since the epoch; long.MinValue where no record had one. Where
    /// max-jump is set, without what waits to be borne out (<see cref="TimeJumps"/>).
    /// </summary>
    internal long MaxEventTime { get; set; } = long.MinValue;

    /// <summary>The offset of the record that has it.</summary>
    internal long MaxEventTimeOffset { get; private set; }

    /// <summary>What became of the records read for this side.</summary>
    internal SideFates Fates { get; set; }

    /// <summary>
    /// How far the event times of the records that went to key groups lie below the partition's highest, ms. It is read
    /// by other threads.
    /// </summary>
    internal LogHistogram Disorder { get; } = new();

    /// <summary>Below it every key group has acknowledged the records that it got.</summary>
    internal long TickOffset { get; private set; }

    /// <summary>The watermark of the records below <see cref="TickOffset"/>.</summary>
    internal long TickWatermark { get; private set; } = SideWatermarks.None;

    /// <summary>
    /// The join's clock when the record was read that set <see cref="TickWatermark"/>, ms since the epoch.
    /// </summary>
    internal long TickClockMs { get; private set; } = SideWatermarks.None;

    /// <summary>
    /// Since when no record came that is neither a dead letter nor below the partition's watermark, while it could be
    /// read; by the router's time, ms.
    /// </summary>
    internal long SilentSinceMs { get; set; }

    /// <summary>Since when it is claimed to be idle, by the router's time, ms; null = it is not.</summary>
    internal long? IdleSinceMs { get; set; }

    /// <summary>The offset of the last tick that was sent.</summary>
    internal long TickedOffset { get; set; } = -1;

    /// <summary>
    /// Whether time moved though no record came: ticks repeat that, since no offset tells that a group lacks it.
    /// </summary>
    internal bool IsRaisedAtRest { get; private set; }

    /// <summary>The time of a jump that waits to be borne out; null = there is none.</summary>
    internal long? WaitingJump => _jumps?.Waiting;

    /// <inheritdoc cref="TimeJumps.Newest"/>
    internal (long Time, long Offset, long Above)? NewestJump => _jumps?.Newest;

    /// <summary>The watermark of the records below the position.</summary>
    internal long Watermark(long maxOutOfOrdernessMs) =>
        MaxEventTime == long.MinValue ? SideWatermarks.None : MaxEventTime - maxOutOfOrdernessMs;

    /// <summary>A record was read.</summary>
    /// <param name="eventTime">Its event time, ms since the epoch.</param>
    /// <param name="offset">Its offset.</param>
    /// <param name="timestampMs">Its Kafka timestamp, ms since the epoch.</param>
    /// <param name="maxOutOfOrdernessMs">How far the watermark stays below the highest event time, ms.</param>
    /// <param name="nowMs">The router's time.</param>
    internal void Saw(long eventTime, long offset, long timestampMs, long maxOutOfOrdernessMs, long nowMs)
    {
        _isHeard |= MaxEventTime == long.MinValue || eventTime >= MaxEventTime - maxOutOfOrdernessMs;
        if (!MovesTo(_jumps is null ? (eventTime, offset) : _jumps.See(MaxEventTime, eventTime, offset, nowMs)))
            return;

        // Where a jump was borne out, time moved with the record that bore it out, not with the jump.
        _maxTimestampMs = timestampMs;
        _isRaised = true;
    }

    /// <summary>
    /// A record that was read goes to a key group. One above the highest time is a jump that waits: it is in order.
    /// </summary>
    internal void Routed(long eventTime) => Disorder.Add(eventTime >= MaxEventTime ? 0 : MaxEventTime - eventTime);

    /// <summary>Some time has passed. True where time moved to a jump that was left alone.</summary>
    /// <param name="isRead">Whether the partition is read and has nothing more to read.</param>
    /// <param name="nowMs">The router's time.</param>
    internal bool HasMovedAtRest(bool isRead, long nowMs) => _jumps is not null && MovesTo(_jumps.TimePassed(isRead, nowMs));

    /// <summary>Time moved at this position. The next tick says so, and those after it until records come.</summary>
    /// <param name="position">The position.</param>
    /// <param name="watermark">The watermark there.</param>
    /// <param name="clockMs">The join's clock now.</param>
    internal void RaiseAtRest(long position, long watermark, long clockMs)
    {
        _clockMs = clockMs;
        _positions.Enqueue((position, watermark, clockMs));
        TickedOffset = -1;
        IsRaisedAtRest = true;
    }

    bool MovesTo((long Time, long Offset)? record)
    {
        if (record is not { } moved || moved.Time <= MaxEventTime)
            return false;
        (MaxEventTime, MaxEventTimeOffset) = moved;
        return true;
    }

    /// <summary>Reading starts, or starts again, at an offset.</summary>
    /// <param name="offset">The offset.</param>
    /// <param name="origin">The offset at which the join first read the partition.</param>
    internal void RestartAt(long offset, long origin)
    {
        _positions.Clear();
        MaxEventTime = long.MinValue;
        _jumps?.Begin(Journaled(origin));
        IsRaisedAtRest = false;
        TickOffset = offset;
        TickWatermark = SideWatermarks.None;
        TickClockMs = SideWatermarks.None;
        _clockMs = SideWatermarks.None;
        (_isRaised, _isHeard) = (false, false);
        TickedOffset = offset;
        foreach (var cursor in Cursors)
            cursor.RestartAt(offset);
    }

    // The group that is furthest behind says it, since what the others have is read again. Its time may be ahead of
    // what was read, but no further than time is: all groups have closed it, or the partition was added to its topic
    // and began at its side's time. It is not taken where nothing of the partition was read.
    AppliedTime Journaled(long origin)
    {
        var lowest = Cursors[0].Journaled;
        foreach (var cursor in Cursors)
        {
            var time = cursor.Journaled;
            if (time.HighestMs <= SideWatermarks.None || time.AppliedOffset <= origin)
                return AppliedTime.None;
            if (time.HighestMs < lowest.HighestMs || (time.HighestMs == lowest.HighestMs && time.AppliedOffset < lowest.AppliedOffset))
                lowest = time;
        }

        return lowest;
    }

    /// <summary>Nothing was heard until now: the silence begins anew.</summary>
    internal void Heard(long nowMs)
    {
        SilentSinceMs = nowMs;
        IdleSinceMs = null;
    }

    /// <summary>The position moved.</summary>
    /// <param name="position">Where to.</param>
    /// <param name="watermark">The watermark of the records below it.</param>
    /// <param name="isBacklog">
    /// Whether its records were written some time ago. Then the record that set the watermark was not read when it was
    /// written: its Kafka timestamp says that.
    /// </param>
    /// <param name="clockMs">The join's clock.</param>
    /// <param name="nowMs">The router's time.</param>
    internal void Reached(long position, long watermark, bool isBacklog, long clockMs, long nowMs)
    {
        if (_isRaised)
            _clockMs = isBacklog ? Math.Min(Math.Max(_maxTimestampMs, MaxEventTime), clockMs) : clockMs;
        if (_isHeard)
            Heard(nowMs);
        (_isRaised, _isHeard) = (false, false);
        _positions.Enqueue((position, watermark, _clockMs));
        IsRaisedAtRest &= position == _reached;
        _reached = position;
    }

    /// <summary>Moves the tick offset up.</summary>
    /// <param name="position">How far it may go where key groups have acknowledged all that they got.</param>
    internal void Acknowledge(long position)
    {
        var acknowledged = position;
        foreach (var cursor in Cursors)
        {
            if (!cursor.IsClear)
                acknowledged = Math.Min(acknowledged, cursor.AcknowledgedOffset);
        }

        while (_positions.TryPeek(out var reached) && reached.Position <= acknowledged)
        {
            _positions.Dequeue();
            TickOffset = reached.Position;
            (TickWatermark, TickClockMs) = (reached.Watermark, reached.ClockMs);
        }
    }

    /// <summary>The offset below which every key group has acknowledged everything, or -1.</summary>
    internal long AcknowledgedOffset()
    {
        var lowest = long.MaxValue;
        foreach (var cursor in Cursors)
            lowest = Math.Min(lowest, cursor.AcknowledgedOffset);
        return lowest;
    }

    /// <summary>
    /// A tick without records: it asks a key group whether it has applied everything below an offset.
    /// </summary>
    internal Tick Question(long offset, int generation) => new(Id, PartitionCount, offset, offset, SideWatermarks.None, generation);

    /// <summary>Claims that it is idle: nothing has come for the time-out, and nothing is left to read.</summary>
    internal Tick Claim(long beganAt, int generation, TickKind kind, long clockMs) =>
        new(Id, PartitionCount, beganAt, TickOffset, TickWatermark, generation, kind, clockMs);

    /// <summary>Tells the tick offset and its watermark, and the clock of that if nodes can read it.</summary>
    internal Tick Tick(long beganAt, int generation, bool withClock)
    {
        Tick tick = new(Id, PartitionCount, beganAt, TickOffset, TickWatermark, generation);
        if (withClock && TickClockMs > SideWatermarks.None)
            tick = tick with { Kind = TickKind.RecordsWithClock, ClockMs = TickClockMs };
        Invariant.Holds(
            Array.TrueForAll(Cursors, cursor => cursor.FirstUnacknowledged >= tick.To),
            "a tick speaks of offsets below which every key group has acknowledged the records that it got");
        Invariant.Holds(
            tick.Watermark <= Math.Max(Watermark(0), SideWatermarks.None),
            "a tick's watermark is at or below that of all that was read");
        return tick;
    }
}
