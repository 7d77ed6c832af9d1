using System.Diagnostics;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Checks;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Shards.Partitions;

/// <summary>
/// The applied offset and the watermark of every source partition, and the time of each side, as a key group's events
/// say them.
/// <para>
/// Example. A left topic has partitions 0 and 1. Partition 0 has the watermark 50; partition 1 was never heard of and
/// counts as minus infinity, so the left side has no time. A tick says that partition 1 has the watermark 30: the left
/// side's time is 30, and partition 1 holds it back. When the topic gets a third partition it begins at 30, so that the
/// side's time stays where it is. Partition 1 is claimed to be idle, and moves on to 70: the left side's time is 50. A
/// record of partition 1 has the watermark 40: the time stays at 50, until both are past it.
/// </para>
/// <para>
/// Invariants. Applied offsets, watermarks and the sides' times never go back. A side's time is the lowest watermark of
/// its partitions, of which there are as many as the highest partition count ever heard, or higher.
/// </para>
/// </summary>
sealed class PartitionClocks
{
    static readonly Func<(long Left, long Right)> NoCaps = static () => (SideTally.NoCap, SideTally.NoCap);

    readonly SortedDictionary<PartitionId, PartitionClock> _clocks = [];
    readonly SortedDictionary<PartitionId, int> _counts = [];
    readonly SidePartitions[] _sides = [new(), new()];
    (long Left, long Right) _times = (SideWatermarks.None, SideWatermarks.None);

    // Partitions beyond the number that their topic is known to have. They do not count. Version 0.1.0 journaled such
    // ticks; now they are refused.
    readonly List<PartitionId> _beyond = [];

    /// <summary>The partitions heard of, in order.</summary>
    internal IReadOnlyDictionary<PartitionId, PartitionClock> Known => _clocks;

    /// <summary>Partition counts by topic (partition 0 stands for the topic).</summary>
    internal IReadOnlyDictionary<PartitionId, int> Counts => _counts;

    /// <summary>The sides' times, ms since the epoch, as the last event left them.</summary>
    internal (long Left, long Right) Times => _times;

    /// <summary>Whether time moves, as the last event left it.</summary>
    internal TimeHold TimeHold { get; private set; } = TimeHold.None;

    /// <summary>
    /// Whether a snapshot of format 2 would forget something: a hold, a clock, a claim, or how far the sides' times
    /// have come.
    /// </summary>
    internal bool NeedJoinTime => TimeHold.Number > 0
        || _clocks.Values.Any(clock => clock.ClockMs > SideWatermarks.None || clock.Claim != IdleClaim.None)
        || _times != (_sides[0].Tally().Least(SideTally.NoCap), _sides[1].Tally().Least(SideTally.NoCap));

    /// <summary>What is known of a partition.</summary>
    internal PartitionClock Of(PartitionId partition) => _clocks.TryGetValue(partition, out var clock) ? clock : PartitionClock.Unknown;

    /// <summary>The applied offset of the partition, exclusive; -1 where the partition is unknown.</summary>
    internal long AppliedOffset(PartitionId partition) => _clocks.TryGetValue(partition, out var clock) ? clock.AppliedOffset : -1;

    /// <summary>The applied offset of every partition that has one: of some only the watermark is known.</summary>
    internal AppliedPartition[] AppliedPartitions() =>
        [.. _clocks.Where(p => p.Value.AppliedOffset >= 0).Select(p => new AppliedPartition(p.Key, p.Value.AppliedOffset))];

    /// <summary>Whether each of these offsets is applied.</summary>
    internal bool HaveApplied(AppliedPartition[] items)
    {
        foreach (var item in items)
        {
            if (AppliedOffset(item.Partition) < item.Offset)
                return false;
        }

        return true;
    }

    /// <summary>How many partitions the partition's topic is known to have.</summary>
    internal int CountOf(PartitionId partition) => _counts.GetValueOrDefault(partition with { Partition = 0 });

    /// <summary>
    /// Takes in how many partitions a topic has. A new partition begins at its side's time, and not at minus infinity:
    /// a side's time never goes back, or windows that have closed would open again.
    /// </summary>
    internal void HearOf(PartitionId partition, int partitionCount)
    {
        var topic = partition with { Partition = 0 };
        var known = CountOf(partition);
        if (partitionCount <= known)
            return;
        var watermark = TimeOf(partition.Side);
        SetCount(topic, partitionCount);
        for (var number = known; number < partitionCount && watermark > SideWatermarks.None; number++)
            Raise(topic with { Partition = number }, -1, watermark);
    }

    /// <summary>Takes in what a batch or a tick says of a partition.</summary>
    internal void Raise(PartitionId partition, int partitionCount, long offset, long watermark, long clockMs = SideWatermarks.None)
    {
        HearOf(partition, partitionCount);
        Raise(partition, offset, watermark, clockMs);
    }

    /// <summary>
    /// Takes in a claim that a partition is idle. It counts only at the applied offset, and covers nothing.
    /// </summary>
    internal void Claim(in Tick claim, in TimeRules rules)
    {
        if (!TimeHold.IsAtRest && _clocks.TryGetValue(claim.Partition, out var clock))
            Set(claim.Partition, clock.Claimed(claim, rules, TimeHold.ClockMs));
    }

    /// <summary>
    /// An event says whether time moves from here on. Where it newly does, no silence before that counts as idleness:
    /// nobody may have listened.
    /// </summary>
    internal void Obey(in TimeHold hold)
    {
        Invariant.Holds(hold.Number >= TimeHold.Number, "a key group obeys no older order than it has journaled");
        var isLetGo = !hold.IsAtRest && (TimeHold.IsAtRest || hold.ClockMs > TimeHold.ClockMs);
        TimeHold = hold;
        if (!isLetGo)
            return;
        foreach (var (partition, clock) in _clocks.ToList())
            Set(partition, clock with { ClockMs = Math.Max(clock.ClockMs, hold.ClockMs) });
    }

    /// <summary>Takes back every claim, as if each partition had been read on.</summary>
    internal void DropClaims()
    {
        foreach (var (partition, clock) in _clocks.Where(entry => entry.Value.Claim != IdleClaim.None).ToList())
            Set(partition, clock with { Claim = IdleClaim.None });
    }

    /// <summary>
    /// Raises the watermark of every partition of a side, heard of or not, to <paramref name="watermark"/> at least.
    /// </summary>
    internal void RaiseSide(Side side, long watermark)
    {
        if (!_counts.Keys.Any(topic => topic.Side == side))
            SetCount(new PartitionId(side, 0, 0), 1);
        foreach (var (topic, count) in _counts.Where(entry => entry.Key.Side == side).ToList())
        {
            for (var partition = 0; partition < count; partition++)
                Raise(topic with { Partition = partition }, -1, watermark);
        }
    }

    /// <summary>Ends an event: the sides' times become what its partitions say.</summary>
    /// <param name="rules">The rules of the join.</param>
    /// <param name="caps">
    /// Gives the least times at which the group holds no record of the other side: claims move time no further.
    /// </param>
    internal void UpdateTimes(in TimeRules rules, Func<(long Left, long Right)> caps)
    {
        CheckTally(Side.Left);
        CheckTally(Side.Right);
        var before = _times;
        _times = Next(_sides[0].Tally(), _sides[1].Tally(), _times, rules.SpanMs, caps, TimeHold);
        Invariant.Holds(!TimeHold.IsAtRest || _times == before, "a side's time does not move while it rests");
    }

    /// <summary>The sides' times, and who holds them.</summary>
    internal SideWatermarks Watermarks() => new(
        _times.Left,
        _times.Right,
        _sides[0].Holder(Side.Left, _times.Left),
        _sides[1].Holder(Side.Right, _times.Right));

    /// <summary>The sides' times as they will be once these ticks are applied, claims after the others.</summary>
    /// <param name="ticks">Ticks that are no claims.</param>
    /// <param name="claims">Claims.</param>
    /// <param name="rules">The rules of the join.</param>
    /// <param name="caps">See <see cref="UpdateTimes"/>.</param>
    /// <param name="hold">Whether time moves; null = as the last event left it.</param>
    internal SideWatermarks WatermarksWith(
        IReadOnlyCollection<Tick> ticks,
        IReadOnlyCollection<Tick> claims,
        in TimeRules rules,
        Func<(long Left, long Right)> caps,
        in TimeHold? hold = null)
    {
        var left = TallyWith(Side.Left, ticks, claims, rules);
        var right = TallyWith(Side.Right, ticks, claims, rules);
        var (leftTime, rightTime) = Next(left, right, _times, rules.SpanMs, caps, hold ?? TimeHold);
        return Watermarks() with { Left = leftTime, Right = rightTime };
    }

    internal void RestoreCount(PartitionId topic, int count) => SetCount(topic, count);

    internal void Restore(PartitionId partition, PartitionClock clock) => Put(partition, clock);

    internal void Restore(in TimeHold hold) => TimeHold = hold;

    /// <summary>The sides' times as a snapshot says them.</summary>
    internal void RestoreTimes(long left, long right) => _times = (left, right);

    /// <summary>The sides' times of a snapshot that does not say them: the lowest watermarks.</summary>
    internal void RestoreTimes() => _times = Next(_sides[0].Tally(), _sides[1].Tally(), _times, 0, NoCaps, TimeHold.None);

    static (long Left, long Right) Next(
        in SideTally left,
        in SideTally right,
        (long Left, long Right) now,
        long spanMs,
        Func<(long Left, long Right)> caps,
        in TimeHold hold)
    {
        var allowed = hold.Limit(SideTally.Next(now, left, right, spanMs, caps));
        var next = (Left: Math.Max(now.Left, allowed.Left), Right: Math.Max(now.Right, allowed.Right));
        Invariant.Holds(next.Left >= now.Left && next.Right >= now.Right, "a side's time never goes back");
        return next;
    }

    long TimeOf(Side side) => side == Side.Left ? _times.Left : _times.Right;

    void Raise(PartitionId partition, long offset, long watermark, long clockMs = SideWatermarks.None) =>
        Set(partition, Of(partition).Raised(offset, watermark, clockMs));

    void Set(PartitionId partition, in PartitionClock clock)
    {
        var known = Of(partition);
        Invariant.Holds(clock.AppliedOffset >= known.AppliedOffset, "applied offsets never go back");
        Invariant.Holds(clock.Watermark >= known.Watermark, "watermarks never go back");
        Put(partition, clock);
    }

    void Put(PartitionId partition, in PartitionClock clock)
    {
        var before = Of(partition);
        _clocks[partition] = clock;
        if (partition.Partition < CountOf(partition))
            _sides[(int)partition.Side].Change(partition, before, clock);
        else if (!_beyond.Contains(partition))
            _beyond.Add(partition);
    }

    void SetCount(PartitionId topic, int count)
    {
        _counts[topic] = count;
        _sides[(int)topic.Side].Grow(topic.Source, count);
        foreach (var partition in _beyond.Where(p => p.Side == topic.Side && p.Source == topic.Source && p.Partition < count).ToList())
        {
            _beyond.Remove(partition);
            _sides[(int)topic.Side].Change(partition, PartitionClock.Unknown, _clocks[partition]);
        }
    }

    [Conditional("CHECKED")]
    void CheckTally(Side side)
    {
        var topics = _counts.Where(entry => entry.Key.Side == side).ToList();
        if (topics.Sum(entry => (long)entry.Value) is 0 or > 1_000)
            return; // none, or so many that a look at each takes long
        var tally = topics.SelectMany(entry => Enumerable.Range(0, entry.Value).Select(number => entry.Key with { Partition = number }))
            .Aggregate(SideTally.None, (sum, partition) => sum.With(Of(partition)));
        Invariant.Holds(_sides[(int)side].Tally() == tally, "a side's time is the lowest watermark of its partitions");
    }

    // As if the ticks had been applied.
    SideTally TallyWith(Side side, IReadOnlyCollection<Tick> ticks, IReadOnlyCollection<Tick> claims, in TimeRules rules)
    {
        var changed = new Dictionary<PartitionId, PartitionClock>();
        foreach (var tick in ticks)
        {
            if (tick.Partition.Side == side)
                AddNew(changed, tick);
        }

        foreach (var tick in ticks)
        {
            if (tick.Partition.Side == side && IsKnown(tick.Partition, changed))
                changed[tick.Partition] = Now(tick.Partition).Raised(tick.To, tick.Watermark, tick.ClockMs);
        }

        foreach (var claim in claims)
        {
            if (claim.Partition.Side != side || !IsKnown(claim.Partition, changed))
                continue;
            var now = Now(claim.Partition);
            var claimed = now.Claimed(claim, rules, TimeHold.ClockMs);
            if (claimed != now)
                changed[claim.Partition] = claimed;
        }

        var partitions = _sides[(int)side];
        return changed.Count == 0 ? partitions.Tally() : partitions.TallyWith(changed, _clocks);

        PartitionClock Now(PartitionId partition) => changed.TryGetValue(partition, out var clock) ? clock : Of(partition);
    }

    // New partitions begin at the side's time.
    void AddNew(Dictionary<PartitionId, PartitionClock> changed, in Tick tick)
    {
        var time = TimeOf(tick.Partition.Side);
        for (var number = CountOf(tick.Partition); number < tick.PartitionCount; number++)
        {
            var partition = tick.Partition with { Partition = number };
            changed.TryAdd(partition, Of(partition).Raised(-1, time, SideWatermarks.None));
        }
    }

    bool IsKnown(PartitionId partition, Dictionary<PartitionId, PartitionClock> changed) =>
        partition.Partition < CountOf(partition) || changed.ContainsKey(partition);
}
