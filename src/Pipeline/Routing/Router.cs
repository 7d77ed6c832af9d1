using AkkaJoin.Pipeline.Decoding;
using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Memory;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Profiling;
using AkkaJoin.Shards.Protocol;
using AkkaJoin.Shards.Serialization;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// Between the source and the key groups, as pure code: time comes in as a number, and everything it wants done goes through
/// <see cref="IRouterEffects"/>.
/// <para>
/// A record is decoded into the open batch of its partition and key group. A lane (one per key group) sends what its partitions have
/// gathered as one message: when it is large, or has lingered, and no more messages than the limit are on their way. So the busier the
/// group, the larger its batches. A message is held until it is acknowledged; it is sent again after a time-out or when the group names
/// a gap. A gap that nothing held can fill is read again from Kafka, for that partition alone.
/// </para>
/// <para>
/// Invariants. For each partition and key group the batches sent since the assignment cover [began at, next from) without a hole. A tick
/// speaks of a prefix that every key group has acknowledged, and of the watermark of the records below it. An offset is committed only
/// when every key group has journaled everything below it. No batch goes out that covers a dead letter the broker has not acknowledged. A
/// partition that is ahead of the slowest by more than max-drift is not decoded.
/// </para>
/// <para>
/// What a group has acknowledged holds only while its journal is not rolled back. So ticks name the events that it rests on (<see cref="AcknowledgedEvents"/>), and a
/// group that does not have one of them says how far it is (<see cref="FellBack(GroupFellBack, long)"/>); what it lacks is read again. A gap below what was acknowledged is no proof, it may come
/// from an incarnation that was overtaken: the group is asked, and nothing is read again, nor fails, before the answer.
/// </para>
/// <para>
/// A group that does not know a partition begins with it at its origin, never at an offset that was committed later: the journal may have been rolled back to before the
/// group knew of it. Where no origin is known, such a group stops the join.
/// </para>
/// </summary>
sealed class Router
{
    // Of 64 KiB each.
    const int WaitingTakenMax = 64;
    readonly RouterSettings _settings;
    readonly IRouterEffects _effects;
    readonly Func<string, IReadOnlyList<RouteSide>> _sidesOf;
    readonly Dictionary<(string Topic, int Partition), SourcePartition> _partitions = [];
    readonly Dictionary<PartitionId, (SourcePartition Owner, SidePartition Side)> _byId = [];
    readonly Dictionary<Side, SideTally> _tallies = [];
    readonly LaneSet _lanes;
    readonly TickSender _ticks;
    readonly DriftGate _drift;
    readonly DecodedRecord _decoded = new();
    readonly List<DeadLetter> _deadLetters = [];
    long _lastTickMs = long.MinValue / 2;
    long _lastCommitMs = long.MinValue / 2;
    MemoryLevel _memory;

    // Near the budget the partition that is read all the same, of those that have credit to be given back.
    SourcePartition? _mayRead;
    long _consumedOfGone;
    SideFates _leftOfGone;
    SideFates _rightOfGone;

    internal Router(RouterSettings settings, Func<string, IReadOnlyList<RouteSide>> sidesOf, IRouterEffects effects)
    {
        _settings = settings;
        _sidesOf = sidesOf;
        _effects = effects;
        _lanes = new LaneSet(settings, effects);
        _ticks = new TickSender(settings, _partitions.Values, _lanes, effects);
        _drift = new DriftGate(settings.MaxDriftMs, settings.MaxOutOfOrdernessMs, _partitions.Values);
    }

    /// <summary>Set to have every key group journal all ticks at once: a bounded run ends, or the node leaves.</summary>
    internal bool Flushing { get; set; }

    /// <summary>Bytes on their way to key groups.</summary>
    internal long BytesInFlight => _lanes.BytesInFlight;

    /// <summary>Whether nothing is on its way to a key group.</summary>
    internal bool IsClear => _partitions.Values.All(p => p.IsClear);

    /// <summary>Whether every key group has journaled everything that was read.</summary>
    internal bool IsCovered => IsClear && _partitions.Values.All(p => p.Phase != PartitionPhase.Asking && p.CoveredByAll() >= p.Position);

    /// <summary>Whether every partition of a bounded run is read. There may be more than at its start, of which it reads nothing.</summary>
    internal bool IsAtEnd(int partitions) => _partitions.Count >= partitions && _partitions.Values.All(p => p.AtEnd && p.Waiting.Count == 0);

    /// <summary>Partitions came. Each is read once every key group has said how far it is with it.</summary>
    internal void Assigned(IReadOnlyList<PartitionStart> starts, long nowMs)
    {
        foreach (var start in starts)
        {
            var sides = _sidesOf(start.Topic);
            var partition = new SourcePartition(
                start, [.. sides.Select(s => new SidePartition(s.Id(start.Partition), start.PartitionCount, _settings.Groups))]);
            _partitions[(start.Topic, start.Partition)] = partition;
            foreach (var side in partition.Sides)
                _byId[side.Id] = (partition, side);
            foreach (var side in sides)
                _tallies[side.Side] = side.Tally;
            partition.Begin(start.CommittedOffset, nowMs);
        }

        _ticks.Ask(nowMs);
    }

    /// <summary>
    /// Partitions go. The source completes once nothing of theirs is on its way, with the offset to commit, or -1 where there is none.
    /// </summary>
    internal void Revoked(IReadOnlyList<(TopicPartitionGeneration Partition, TaskCompletionSource<long> Left)> partitions, long nowMs)
    {
        foreach (var (id, left) in partitions)
        {
            if (!_partitions.TryGetValue((id.Topic, id.Partition), out var partition) || partition.Generation != id.Generation)
            {
                left.TrySetResult(-1);
                continue;
            }

            if (partition.Phase == PartitionPhase.Asking)
            {
                Remove(partition);
                left.TrySetResult(-1);
                continue;
            }

            // What was not decoded is the next owner's to read.
            partition.Waiting.Clear();
            partition.Phase = PartitionPhase.Leaving;
            _drift.Changed();
            partition.Left = left;
        }

        _lanes.Send(nowMs, force: true);
        SendTicks(nowMs, flush: true);
        LetGo();
    }

    /// <summary>Partitions are gone already, or have been given up.</summary>
    internal void Lost(IReadOnlyList<TopicPartitionGeneration> partitions)
    {
        foreach (var id in partitions)
        {
            if (_partitions.TryGetValue((id.Topic, id.Partition), out var partition) && partition.Generation == id.Generation)
                Remove(partition);
        }
    }

    /// <summary>Records came.</summary>
    internal void Chunk(RecordChunk chunk, long nowMs)
    {
        if (!_partitions.TryGetValue((chunk.Topic, chunk.Partition), out var partition) || partition.Generation != chunk.Generation
            || partition.Phase != PartitionPhase.Reading)
            return;
        partition.HeardAtMs = nowMs;
        partition.NewestLogEnd = Math.Max(partition.NewestLogEnd, chunk.LogEnd);
        partition.Waiting.Enqueue(chunk);
        while (TakeNext(partition, nowMs))
        {
        }

        TakeWaiting(nowMs);
        if (chunk.IsLast)
            _lanes.SendRead(nowMs);
        else
            _lanes.Send(nowMs, force: false);
    }

    /// <summary>The broker acknowledged the dead letters of a partition.</summary>
    internal void DeadLettersWritten(SourcePartition partition, int generation, long nowMs)
    {
        if (partition.Generation != generation)
            return;
        partition.AwaitsDeadLetters = false;
        while (TakeNext(partition, nowMs))
        {
        }

        _lanes.Send(nowMs, force: false);
        LetGo();
    }

    /// <summary>A key group acknowledged.</summary>
    internal void Acknowledged(GroupAck ack, long nowMs)
    {
        var lane = _lanes[ack.Group];
        if (ack.Event is { } restsOn)
            lane.Acknowledged.Add(restsOn, ack.Stamp, _lanes.NextStamp());
        foreach (var item in ack.Items)
        {
            if (Find(item.Partition, out var owner, out var side))
                Cover(owner, side, ack.Group, item.Through);
        }

        lane.InFlight.RemoveAll(message => message.IsDone(ack.Group));
        foreach (var item in ack.Items)
        {
            if (Find(item.Partition, out var owner, out _))
                Advance(owner);
        }

        BeginAnswered(nowMs);
        _lanes.Send(nowMs, force: false);
        LetGo();
    }

    /// <summary>A key group refused what begins above what it has.</summary>
    internal void Gap(GroupGap gap, long nowMs)
    {
        if (!Find(gap.Partition, out var owner, out var side))
            return;
        if (gap.Event is { } restsOn)
            _lanes[gap.Group].Acknowledged.Add(restsOn, 0, _lanes.NextStamp());
        var cursor = side.Cursors[gap.Group];
        if (owner.Phase == PartitionPhase.Asking)
        {
            // An answer to the question stands behind an event of the group's own. Any other gap is of an earlier assignment: it may come from an
            // incarnation that was overtaken, and names what its successor has long left behind.
            if (gap.IsProven && gap.CoveredThrough < owner.BeganAt && cursor.Covered < owner.BeganAt)
                cursor.Covered = gap.CoveredThrough;
            BeginAnswered(nowMs);
            return;
        }

        var lane = _lanes[gap.Group];
        if (gap.CoveredThrough < cursor.Covered)
        {
            Doubt(gap, lane, owner, side, nowMs);
            return;
        }

        if (nowMs - lane.ResentAtMs < _settings.Flow.LingerMs * 2)
            return;
        var first = lane.InFlight.FindIndex(m => m.Batches.Any(b => b.Partition == side && b.Generation == owner.Generation && b.To > gap.CoveredThrough));
        if (first >= 0)
            Resend(lane, first, nowMs);
    }

    /// <summary>The journal of a key group was rolled back: what it does not have any more of what it acknowledged is read again.</summary>
    internal void FellBack(GroupFellBack message, long nowMs)
    {
        var lane = _lanes[message.Group];
        if (!lane.Acknowledged.Lose(message.Lost))
            return; // of a rollback that is dealt with
        if (message.Event is { } now)
            lane.Acknowledged.Add(now, 0, _lanes.NextStamp());
        var covered = message.Covered.ToDictionary(item => item.Partition, item => item.Through);
        foreach (var partition in _partitions.Values.ToList())
            FellBack(partition, message.Group, covered, nowMs);

        // Not before: until all of them begin anew a tick would say of one what no event stands behind any more.
        SendTicks(nowMs, flush: false);
        _ticks.Ask(nowMs);
        LetGo();
    }

    /// <summary>Time passed: what has lingered goes out, what was not answered goes out again, ticks and commits are due.</summary>
    internal void TimePassed(long nowMs)
    {
        BeginAnswered(nowMs);
        LookAtMemory();
        TakeWaiting(nowMs);
        _lanes.Send(nowMs, Flushing);
        foreach (var lane in _lanes.Unanswered(nowMs))
            Resend(lane, 0, nowMs);
        if (nowMs - _lastTickMs >= _settings.Flow.TickIntervalMs)
        {
            _lastTickMs = nowMs;
            SendTicks(nowMs, Flushing);
        }

        if (nowMs - _ticks.LastAskMs >= _settings.Flow.ResendAfterMs)
            _ticks.Ask(nowMs);
        if (nowMs - _lastCommitMs >= _settings.Flow.CommitIntervalMs || Flushing)
        {
            _lastCommitMs = nowMs;
            Commit();
        }
    }

    /// <summary>What this node tells the others of its time: see <see cref="NodeFloor"/>.</summary>
    internal NodeFloor Floor(long nowMs) => new(_drift.OwnFloor(nowMs));

    /// <summary>Another node told of its time.</summary>
    internal void Heard(string node, NodeFloor floor, long nowMs)
    {
        _drift.Heard(node, floor.Floor, nowMs);
        TakeWaiting(nowMs);
        _lanes.Send(nowMs, force: false);
    }

    /// <summary>Which other nodes there are.</summary>
    internal void Keep(IReadOnlyCollection<string> others) => _drift.Keep(others);

    /// <summary>Nothing more will come. What was not decoded yet is read again by the next run.</summary>
    internal void Drain()
    {
        Flushing = true;
        foreach (var partition in _partitions.Values)
            partition.Waiting.Clear();
    }

    /// <summary>Hands what may be committed to the committer.</summary>
    internal void Commit()
    {
        using var span = Profile.Measure(ProfileStage.Commit);
        foreach (var partition in _partitions.Values)
        {
            var covered = partition.CoveredByAll();
            if (partition.Phase != PartitionPhase.Reading || covered <= partition.Committed)
                continue;
            partition.Committed = covered;
            _effects.Commit(new PartitionOffset(partition.Topic, partition.Partition, partition.Generation, covered));
        }
    }

    /// <summary>The records that hold the time of their partition, where that lies outside these limits, ms since the epoch.</summary>
    internal IReadOnlyList<NewestRecord> NewestOutside(long fromMs, long toMs) =>
    [
        .. _partitions.Values.SelectMany(p => p.Sides.Where(s => s.MaxEventTime > toMs || (s.MaxEventTime < fromMs && s.MaxEventTime > long.MinValue))
            .Select(s => new NewestRecord(s.Id.Side, p.Topic, p.Partition, s.MaxEventTimeOffset, s.MaxEventTime))),
    ];

    /// <summary>What was found of the configured fields since the start, and what not.</summary>
    internal InputCounts Input() => new(Counts(Side.Left), Counts(Side.Right), _settings.SelectedFields());

    internal RouterStatus Status() => new(
        [.. _partitions.Values.OrderBy(p => p.Topic, StringComparer.Ordinal).ThenBy(p => p.Partition).Select(p => new RouterStatus.Partition(
            p.Topic,
            p.Partition,
            p.Phase,
            p.AtEnd,
            p.Position,
            p.Start.LogEndOffset,
            p.CoveredByAll(),
            p.Sides[0].Fates.Consumed,
            p.Sides.Sum(s => s.Fates.DeadLettered),
            [.. p.Sides.Select(s => (s.Id, s.Watermark(_settings.MaxOutOfOrdernessMs)))])
        {
            NewestLogEnd = p.NewestLogEnd,
            BeganAt = p.BeganAt,
            PausedBy = p.PausedBy,
            Left = p.FatesOf(Side.Left),
            Right = p.FatesOf(Side.Right),
        })],
        IsClear,
        IsCovered,
        _lanes.BytesInFlight,
        _lanes.Resent)
    {
        MessagesSent = _lanes.Sent,
        ConsumedOfGone = _consumedOfGone,
        DeadLetteredOfGone = _leftOfGone.DeadLettered + _rightOfGone.DeadLettered,
        LeftOfGone = _leftOfGone,
        RightOfGone = _rightOfGone,
        Input = Input(),
    };

    SideCounts Counts(Side side) => _tallies.TryGetValue(side, out var tally) ? tally.Counts() : SideCounts.None;

    bool Find(PartitionId id, out SourcePartition owner, out SidePartition side)
    {
        var found = _byId.TryGetValue(id, out var both);
        (owner, side) = both;
        return found;
    }

    static void Cover(SourcePartition owner, SidePartition side, int group, long through)
    {
        var cursor = side.Cursors[group];

        // An answer says that what is committed is covered; less is said of an earlier assignment.
        if (owner.Phase == PartitionPhase.Asking && (cursor.Covered >= 0 || through < owner.BeganAt))
            return;
        cursor.Covered = Math.Max(cursor.Covered, through);
        while (cursor.Outstanding.TryPeek(out var to) && to <= cursor.Covered)
            cursor.Outstanding.Dequeue();
    }

    void Advance(SourcePartition partition)
    {
        if (partition.Phase == PartitionPhase.Asking)
            return;
        var position = partition.AwaitsDeadLetters ? -1 : partition.Position;
        foreach (var side in partition.Sides)
            side.Acknowledge(position);
        GiveCredit(partition);
    }

    // Credit that is not given back pauses the partition.
    void GiveCredit(SourcePartition partition)
    {
        if (_memory != MemoryLevel.Normal && partition != _mayRead)
            return;
        var credit = partition.TakeCredit();
        if (credit > 0)
            _effects.Release(partition.Topic, partition.Partition, partition.Generation, credit);
    }

    // Decodes the next chunk of a partition, if it may be read on.
    bool TakeNext(SourcePartition partition, long nowMs)
    {
        if (partition.AwaitsDeadLetters || partition.Waiting.Count == 0 || _drift.IsAhead(partition, nowMs))
            return false;
        Decode(partition, partition.Waiting.Dequeue(), nowMs);
        return true;
    }

    // A chunk of each partition in turn, so that they stay together; some of them at a time, so that answers are not kept waiting.
    void TakeWaiting(long nowMs)
    {
        if (!_drift.IsOn)
            return;
        var taken = 0;
        for (var before = -1; before != taken && taken < WaitingTakenMax;)
        {
            before = taken;
            foreach (var partition in _partitions.Values)
                taken += TakeNext(partition, nowMs) ? 1 : 0;
        }
    }

    void LookAtMemory()
    {
        var before = _memory;
        _memory = _settings.Memory();
        _mayRead = null;
        if (_memory == MemoryLevel.Normal && before == MemoryLevel.Normal)
            return;
        foreach (var partition in _partitions.Values)
        {
            if (_memory == MemoryLevel.Normal)
                GiveCredit(partition);
            else if (_memory == MemoryLevel.Near && partition.HoldsCredit && (_mayRead is null || Progress(partition) < Progress(_mayRead)))
                _mayRead = partition;
        }

        if (_mayRead is not null)
            GiveCredit(_mayRead);
    }

    long Progress(SourcePartition partition) => partition.Progress(_settings.MaxOutOfOrdernessMs);

    void Decode(SourcePartition partition, RecordChunk chunk, long nowMs)
    {
        _deadLetters.Clear();
        _decoded.WritesFormat1 = _settings.FormatVersion() < FormatVersions.Incarnations;
        foreach (var side in _sidesOf(chunk.Topic))
            DecodeFor(partition, side, chunk, nowMs);
        partition.Position = Math.Max(partition.Position, chunk.To);
        partition.AtEnd |= chunk.AtEnd;
        partition.IsAtLogEnd = chunk.AtEnd;
        if (chunk.AtEnd)
            partition.AtLogEndMs = nowMs;
        _drift.Changed();
        foreach (var side in partition.Sides)
            side.Reached(partition.Position, side.Watermark(_settings.MaxOutOfOrdernessMs));
        partition.Hold(partition.Position, chunk.Credit, _settings.Flow.PartitionInFlightBytesMax);
        if (_deadLetters.Count > 0)
        {
            partition.AwaitsDeadLetters = true;
            _effects.WriteDeadLetters(partition, partition.Generation, [.. _deadLetters]);
        }

        Advance(partition);
    }

    void DecodeFor(SourcePartition partition, RouteSide route, RecordChunk chunk, long nowMs)
    {
        var side = partition.Sides.Length == 1 ? partition.Sides[0] : partition.Sides.First(s => s.Id.Side == route.Side);
        var (failed, filtered) = (0, 0);
        route.Tally.Begin(chunk, nowMs);
        for (var i = 0; i < chunk.Count; i++)
        {
            var isRouted = route.Decode(chunk, i, _decoded);
            route.Tally.Count(chunk, i, isRouted, _decoded);
            if (!isRouted)
            {
                if (_decoded.IsFiltered)
                {
                    // Nothing of it goes to a key group, but its time has passed all the same.
                    filtered++;
                    side.Saw(_decoded.Time, chunk.Records[i].Offset);
                    continue;
                }

                failed++;
                _deadLetters.Add(DeadLetter.Create(chunk, i, route.Side, _decoded.Reason, _decoded.Detail));
                continue;
            }

            side.Saw(_decoded.Time, chunk.Records[i].Offset);
            Route(partition, side, chunk, i, nowMs);
        }

        side.Fates += new SideFates(chunk.Count - failed - filtered, failed, filtered);
    }

    void Route(SourcePartition partition, SidePartition side, RecordChunk chunk, int index, long nowMs)
    {
        ref var source = ref chunk.Records[index];
        var record = RouteSide.Record(chunk, ref source, _decoded);
        _lanes.Add(partition, side, GroupOf(record, _settings.Groups), record, nowMs);
    }

    // Records without a key have no partner, so they may go anywhere; copies of one must meet, and none may crowd one group.
    internal static int GroupOf(in NewRecord record, int groups)
    {
        var hash = record.KeyHash;
        if (record.KeyIsNull)
            hash = record.HasId ? KeyHash.Of(record.Id) : (ulong)record.Offset * 0x9E37_79B9_7F4A_7C15;
        return KeyHash.Group(hash, groups);
    }

    void SendTicks(long nowMs, bool flush)
    {
        foreach (var partition in _partitions.Values)
            Advance(partition);
        _ticks.Send(nowMs, flush);
    }

    // A gap is answered by ticks for the acknowledged prefix, then all that is held above it.
    void Resend(GroupLane lane, int first, long nowMs)
    {
        _ticks.SendOwed(lane.Group);
        _lanes.Resend(lane, first, nowMs);
    }

    // Partitions that came together begin together, so that it is told once how far the journal is ahead of them or behind.
    // Also when nothing new was said: a partition whose groups have all answered waits for those that came with it, and they may go unanswered.
    void BeginAnswered(long nowMs)
    {
        var asking = 0;
        foreach (var partition in _partitions.Values)
        {
            if (partition.Phase != PartitionPhase.Asking)
                continue;
            if (partition.CoveredByAll() < 0)
                return;
            asking++;
        }

        if (asking > 0)
            BeginAll([.. _partitions.Values.Where(p => p.Phase == PartitionPhase.Asking)], nowMs);
    }

    void BeginAll(List<SourcePartition> asking, long nowMs)
    {
        foreach (var partition in asking)
        {
            if (partition.CoveredByAll() < partition.BeganAt)
                _effects.JournalIsBehind(partition.Topic, partition.Partition, partition.BeganAt, partition.CoveredByAll());
        }

        TellAhead(asking);
        foreach (var partition in asking)
            Begin(partition, partition.CoveredByAll(), nowMs);
    }

    void TellAhead(List<SourcePartition> asking)
    {
        var ahead = asking.Where(partition => partition.CoveredByAll() > partition.BeganAt).ToList();
        if (ahead.Count > 0)
            _effects.JournalIsAhead(ahead.Count, ahead.Sum(partition => partition.CoveredByAll() - partition.BeganAt), ahead[0].Start, ahead[0].CoveredByAll());
    }

    // Where all groups have it covered, more or less than what is committed: what lies below is journaled, and its dead letters are written.
    void Begin(SourcePartition partition, long start, long nowMs)
    {
        if (partition.HasLostOrigin(start))
        {
            _effects.Fail(new KafkaStopException(RouterTexts.OriginIsLost(partition)));
            return;
        }

        if (start < partition.Start.LogStartOffset)
        {
            _effects.Fail(new KafkaStopException(RouterTexts.LogNoLongerHolds(partition, start)));
            return;
        }

        partition.Phase = PartitionPhase.Reading;
        partition.Begin(start, nowMs);
        _drift.Changed();
        _effects.Begin(partition.Topic, partition.Partition, partition.Generation, start);
    }

    // A group that still has what its acknowledgements rest on lacks nothing of them; but a group of format 1 names no events.
    void Doubt(GroupGap gap, GroupLane lane, SourcePartition owner, SidePartition side, long nowMs)
    {
        var isOld = gap.Event is { } id && lane.Acknowledged.IsOld(id);
        if (gap.IsProven && !isOld)
        {
            side.Cursors[gap.Group].Covered = gap.CoveredThrough;
            ReadAgain(owner, nowMs);
            SendTicks(nowMs, flush: false);
        }
        else if (nowMs - lane.AskedAtMs >= _settings.Flow.LingerMs * 2)
        {
            lane.AskedAtMs = nowMs;
            _ticks.AskAgain(gap.Group, owner, side);
        }
    }

    void FellBack(SourcePartition partition, int group, Dictionary<PartitionId, long> covered, long nowMs)
    {
        var from = long.MaxValue;
        foreach (var side in partition.Sides)
        {
            var cursor = side.Cursors[group];
            var has = covered.GetValueOrDefault(side.Id, -1);
            if (partition.Phase == PartitionPhase.Asking)
                cursor.Covered = -1;
            else if (has < cursor.Covered)
                (cursor.Covered, from) = (has, Math.Min(from, has));
        }

        if (from == long.MaxValue)
            return;
        _effects.JournalIsBehind(partition.Topic, partition.Partition, partition.Committed, from);
        if (partition.Phase == PartitionPhase.Leaving)
        {
            // The next owner asks all groups, and begins where the last of them is.
            partition.Left?.TrySetResult(-1);
            Remove(partition);
        }
        else if (from < 0)
            _effects.Fail(new KafkaStopException(RouterTexts.JournalForgot(partition)));
        else
            ReadAgain(partition, nowMs);
    }

    // From where the last of the groups is: what is held for the others is dropped, and ticks begin there.
    void ReadAgain(SourcePartition partition, long nowMs)
    {
        var covered = partition.CoveredByAll();
        if (covered < partition.Start.LogStartOffset)
        {
            _effects.Fail(new KafkaStopException(RouterTexts.LogNoLongerHolds(partition, covered)));
            return;
        }

        var generation = _effects.Rewind(partition.Topic, partition.Partition, partition.Generation, covered);
        if (generation < 0)
        {
            Remove(partition); // it is going already; nothing may be said of it any more
            return;
        }

        _lanes.Forget(partition);
        partition.Generation = generation;
        partition.Begin(covered, nowMs);
        _drift.Changed();
        _lanes.DropEnded();
    }

    void Remove(SourcePartition partition)
    {
        _lanes.Forget(partition);
        _consumedOfGone += partition.Sides[0].Fates.Consumed;
        _leftOfGone += partition.FatesOf(Side.Left);
        _rightOfGone += partition.FatesOf(Side.Right);
        partition.Generation = -1;
        _drift.Changed();
        _partitions.Remove((partition.Topic, partition.Partition));
        foreach (var side in partition.Sides)
            _byId.Remove(side.Id);
        _lanes.DropEnded();
    }

    void LetGo()
    {
        foreach (var partition in _partitions.Values.Where(p => p.Phase == PartitionPhase.Leaving && p.IsClear).ToList())
        {
            partition.Left?.TrySetResult(partition.CoveredByAll());
            Remove(partition);
        }
    }
}
