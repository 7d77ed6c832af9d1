using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Join;

namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>
/// The rules of time in docs/semantics.md, by looking at every partition each time. A key group's times follow from its
/// events alone.
/// </summary>
sealed class TimeOracle(JoinDefinition definition)
{
    /// <summary>What the oracles take for minus infinity.</summary>
    internal const long Never = long.MinValue / 4;

    sealed class Partition
    {
        internal long Offset = -1;

        // Set by a record, at a clock; and the line on which claims move it: from where, since when, to where so far.
        internal long Watermark = Never;
        internal long From = Never;
        internal long Since = Never;
        internal long Moved = Never;
        internal long LastClaim = Never;
        internal long IdleAt = -1;
    }

    readonly SortedDictionary<PartitionId, Partition> _partitions = [];
    readonly int[] _counts = new int[2];
    JoinDefinition _definition = definition;
    TimeHold _hold = TimeHold.None;

    internal long Left { get; private set; } = Never;

    internal long Right { get; private set; } = Never;

    internal void Define(JoinDefinition definition)
    {
        _definition = definition;
        if (definition.Idle == IdlePolicy.Wait)
            _partitions.Values.ToList().ForEach(p => p.IdleAt = -1);
    }

    /// <summary>
    /// Time rests, moves, or moves up to somewhere. Where it newly moves, the line of each partition begins at that
    /// clock, unless it began later.
    /// </summary>
    internal void Obey(in TimeHold hold)
    {
        var (before, clock) = (_hold, hold.ClockMs);
        _hold = hold;
        if (hold.IsAtRest || (!before.IsAtRest && clock <= before.ClockMs))
            return;
        foreach (var p in _partitions.Values.Where(p => clock > Math.Max(p.Since, p.LastClaim - _definition.IdleTimeoutMs)))
            (p.From, p.Since) = (p.Moved, clock);
    }

    /// <summary>A new partition begins at the time that its side has reached.</summary>
    internal void HearOf(Side side, int count)
    {
        for (var number = _counts[(int)side]; number < count; number++)
            Raise(new PartitionId(side, 0, number), -1, Time(side));
        _counts[(int)side] = Math.Max(_counts[(int)side], count);
    }

    internal void Raise(PartitionId id, long offset, long watermark, long clock = Never)
    {
        var p = Of(id);
        (watermark, clock) = (Real(watermark), Real(clock));
        if (watermark > p.Watermark)
            (p.Watermark, p.From, p.Moved, p.Since, p.IdleAt, p.LastClaim) = (watermark, watermark, watermark, clock, -1, Never);
        else if (watermark == p.Watermark && clock > Math.Max(p.Since, p.LastClaim - _definition.IdleTimeoutMs))
            (p.From, p.Since) = (p.Moved, clock);
        if (offset > p.Offset)
            (p.Offset, p.IdleAt) = (offset, -1);
    }

    internal void RaiseSide(Side side, long watermark)
    {
        for (var number = 0; number < Math.Max(1, _counts[(int)side]); number++)
            Raise(new PartitionId(side, 0, number), -1, watermark);
        _counts[(int)side] = Math.Max(1, _counts[(int)side]);
    }

    /// <summary>All else of the event is said.</summary>
    internal void Claim(in Tick claim)
    {
        var p = Of(claim.Partition);
        var isOfPolicy = claim.Kind == (_definition.Idle == IdlePolicy.WallClock ? TickKind.IdleWallClock : TickKind.IdleExclude);
        if (_hold.IsAtRest || _definition.Idle == IdlePolicy.Wait || !isOfPolicy || claim.To != p.Offset)
            return;
        var leavesOut = _definition.Idle == IdlePolicy.Exclude || p.Watermark == Never;
        if (leavesOut && claim.ClockMs - _definition.IdleTimeoutMs < _hold.ClockMs)
            return; // the silence began before time was let go
        p.IdleAt = p.Offset;
        if (p.Since == Never)
            p.Since = claim.ClockMs - _definition.IdleTimeoutMs;
        p.LastClaim = Math.Max(p.LastClaim, claim.ClockMs);
        if (p.Watermark == Never)
            return;
        var onLine = p.From + Math.Max(0, claim.ClockMs - p.Since - _definition.IdleTimeoutMs);
        p.Moved = Math.Max(p.Moved, Math.Min(onLine, claim.ClockMs - _definition.MaxOutOfOrdernessMs));
    }

    /// <summary>The event's records are buffered; now time moves.</summary>
    /// <param name="cap">The least time of a side at which nothing of the other is held.</param>
    internal (long Left, long Right) End(Func<Side, long> cap)
    {
        if (_hold.IsAtRest)
            return (Left, Right);
        var (left, right) = (Value(Side.Left, cap(Side.Left)), Value(Side.Right, cap(Side.Right)));
        if (_hold.IsWaking)
            (left, right) = (Math.Min(left, _hold.Left), Math.Min(right, _hold.Right));
        (Left, Right) = (Math.Max(Left, left), Math.Max(Right, right));
        return (Left, Right);
    }

    // What the product takes for minus infinity.
    static long Real(long time) => time <= SideWatermarks.None ? Never : time;

    long Time(Side side) => side == Side.Left ? Left : Right;

    long Value(Side side, long cap)
    {
        var all = All(side);
        if (all.Count == 0)
            return Never;
        if (!all.TrueForAll(IsEmpty))
            return Least(all, cap);
        var others = All(Other(side));
        if (others.Count > 0 && others.TrueForAll(IsEmpty))
            return Never;
        var followed = Math.Max(Time(Other(side)), Least(others, long.MaxValue));
        return followed == Never ? Never : Math.Min(followed - Math.Max(0, _definition.BeforeMs + _definition.AfterMs), cap);
    }

    long Least(List<Partition> all, long cap) => all
        .Where(p => !IsEmpty(p) && !(IsIdle(p) && _definition.Idle == IdlePolicy.Exclude))
        .Select(p => IsIdle(p) ? Math.Max(p.Watermark, Math.Min(p.Moved, cap)) : p.Watermark)
        .DefaultIfEmpty(Never)
        .Min();

    static Side Other(Side side) => side == Side.Left ? Side.Right : Side.Left;

    static bool IsIdle(Partition p) => p.IdleAt >= 0;

    static bool IsEmpty(Partition p) => IsIdle(p) && p.Watermark == Never;

    List<Partition> All(Side side) => [.. Enumerable.Range(0, _counts[(int)side]).Select(number => Of(new PartitionId(side, 0, number)))];

    Partition Of(PartitionId id)
    {
        if (!_partitions.TryGetValue(id, out var partition))
            _partitions[id] = partition = new Partition();
        return partition;
    }
}
