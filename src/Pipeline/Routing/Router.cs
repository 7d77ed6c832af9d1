using AkkaJoin.Pipeline.Fields;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Shards.Encodings;
using AkkaJoin.Shards.Flow;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// Between the source and the key groups, as pure code. Time comes in as a number, and whatever the router wants done
/// goes out through <see cref="IRouterEffects"/>. This class is the front: it says in which order its parts act on each
/// thing that happens.
/// <code>
///   partitions come and go    PartitionLifecycle   which phase each partition is in
///   a chunk comes             ReadGate             may it be decoded now?  (WatermarkAlignment, FlowGate)
///                             RecordIntake         its records to the send buffers of their key groups
///                             SendBuffers          messages to key groups, kept until acknowledged
///   a key group acknowledges  Acknowledgements     ticks, commits
///                             DemandControl        bytes in flight, so the source reads on
///   it lacks something        Redelivery           sends again, or reads again from Kafka
///   time passes               all of them          linger, time-outs, TickSender, commits
///   nothing comes             IdleWatch            claims that partitions are idle
/// </code>
/// <para>
/// What a key group has acknowledged holds only while its journal is not rolled back: see
/// <see cref="AcknowledgedEvents"/> and <see cref="Redelivery"/>. The invariants stand at the parts.
/// </para>
/// </summary>
sealed class Router
{
    readonly RouterSettings _settings;
    readonly IRouterEffects _effects;
    readonly PartitionTable _partitions = new();
    readonly SendBuffers _buffers;
    readonly TickSender _ticks;
    readonly WatermarkAlignment _alignment;
    readonly DemandControl _demand;
    readonly Acknowledgements _acknowledgements;
    readonly PartitionLifecycle _lifecycle;
    readonly RecordIntake _intake;
    readonly FlowGate _flow;
    readonly ReadGate _gate;
    readonly Redelivery _redelivery;
    readonly IdleWatch _idle;
    long _lastTickMs = long.MinValue / 2;
    long _lastCommitMs = long.MinValue / 2;

    internal Router(RouterSettings settings, Func<string, IReadOnlyList<RouteSide>> sidesOf, IRouterEffects effects)
    {
        _settings = settings;
        _effects = effects;
        _buffers = new SendBuffers(settings, effects);
        _ticks = new TickSender(settings, _partitions, _buffers, effects);
        _alignment = new WatermarkAlignment(settings.MaxDriftMs, settings.MaxOutOfOrdernessMs, _partitions.All);
        _demand = new DemandControl(settings, _partitions, effects);
        _acknowledgements = new Acknowledgements(_partitions, _buffers, _ticks, _demand, effects);
        _lifecycle = new PartitionLifecycle(settings, sidesOf, _partitions, _buffers, _alignment, effects);
        _intake = new RecordIntake(settings, sidesOf, _buffers, _acknowledgements, effects);
        _flow = new FlowGate(settings, _partitions);
        _gate = new ReadGate(_partitions, _alignment, _flow, _intake);
        _idle = new IdleWatch(settings, _partitions, _ticks, effects);
        _redelivery = new Redelivery(settings, _partitions, _buffers, _ticks, _acknowledgements, _lifecycle, effects);
    }

    /// <summary>
    /// Set to have every key group journal all ticks at once: a bounded run ends, or the node leaves.
    /// </summary>
    internal bool Flushing { get; set; }

    /// <summary>Bytes of messages to key groups that are not acknowledged.</summary>
    internal long BytesInFlight => _buffers.BytesInFlight;

    /// <summary>Whether nothing is on its way to a key group.</summary>
    internal bool IsClear => _partitions.All.All(p => p.IsClear);

    /// <summary>Whether every key group has applied everything that was read.</summary>
    internal bool IsApplied =>
        IsClear && _partitions.All.All(p => p.Phase != PartitionPhase.Asking && p.AcknowledgedOffset() >= p.Position);

    /// <summary>
    /// Whether every partition of a bounded run is read. There may be more than at its start, of which it reads
    /// nothing.
    /// </summary>
    internal bool IsAtEnd(int partitions) =>
        _partitions.All.Count >= partitions && _partitions.All.All(p => p.AtEnd && p.Undecoded.Count == 0);

    /// <summary>
    /// Whether all that was decoded is applied, and handed to the committer. What waits to be decoded is not asked.
    /// </summary>
    internal bool IsDrained => _partitions.All.All(
        p => p.Phase != PartitionPhase.Asking && p.IsSent && p.AcknowledgedOffset() >= p.Position && p.Committed >= p.Position);

    /// <summary>
    /// Whether the broker has acknowledged the offset of every partition up to its position. The committer has it
    /// before that: it sends a request once a commit interval.
    /// </summary>
    internal bool IsCommitted(IChunkControl control) => _partitions.All.All(
        p => p.Position <= p.Start.CommittedOffset || control.LastCommitted(p.Topic, p.Partition) >= p.Position);

    /// <summary>
    /// By key group, the events by which everything is known to be applied; none where a node of an older format may
    /// read it.
    /// </summary>
    internal EventId[][] BasedOn()
    {
        var names = _settings.FormatVersion() >= FormatVersions.JoinTime;
        return [.. _buffers.All.Select(buffer => names ? buffer.Acknowledged.All : [])];
    }

    /// <summary>Something else is asked of the join from now on.</summary>
    internal void Obey(FlowOrder order, long nowMs)
    {
        _flow.Obey(order, nowMs);
        _alignment.Changed();
        _gate.ResumeAll(nowMs);
        _buffers.Send(nowMs, force: false);
    }

    /// <summary>Partitions came. Each is read once every key group has said how far it is with it.</summary>
    internal void Assigned(IReadOnlyList<PartitionStart> starts, long nowMs)
    {
        _lifecycle.Assign(starts, nowMs);
        _flow.Mark(nowMs);
        foreach (var start in starts)
            _intake.CountFieldsOf(start.Topic);
        _ticks.Ask(nowMs);
    }

    /// <summary>
    /// Partitions go. Each task completes once nothing of its partition is on its way, with the offset to commit, or -1
    /// where there is none.
    /// </summary>
    internal void Revoked(IReadOnlyList<(TopicPartitionGeneration Partition, TaskCompletionSource<long> Revocation)> partitions, long nowMs)
    {
        _lifecycle.Revoke(partitions);
        _buffers.Send(nowMs, force: true);
        _acknowledgements.SendTicks(nowMs, flush: true);
        _lifecycle.CompleteRevocations();
    }

    /// <summary>Partitions are gone already, or have been given up.</summary>
    internal void Lost(IReadOnlyList<TopicPartitionGeneration> partitions) => _lifecycle.Lose(partitions);

    /// <summary>Records came.</summary>
    internal void Chunk(RecordChunk chunk, long nowMs)
    {
        if (_partitions.Find(chunk.Topic, chunk.Partition, chunk.Generation) is not { Phase: PartitionPhase.Reading } partition)
            return;
        _gate.Offer(partition, chunk, nowMs);
        _gate.ResumeAll(nowMs);
        if (chunk.IsLast)
            _buffers.SendAllRead(nowMs);
        else
            _buffers.Send(nowMs, force: false);
    }

    /// <summary>The broker acknowledged the dead letters of a partition.</summary>
    internal void DeadLettersWritten(SourcePartition partition, int generation, long nowMs)
    {
        if (partition.Generation != generation)
            return;
        partition.AwaitsDeadLetters = false;
        _gate.Resume(partition, nowMs);
        _buffers.Send(nowMs, force: false);
        _lifecycle.CompleteRevocations();
    }

    /// <summary>The brokers said where logs end.</summary>
    /// <param name="asked">Of which partitions they were asked.</param>
    /// <param name="ends">The ends, by topic and partition; a partition whose leader did not answer is absent.</param>
    /// <param name="clockMs">The join's clock before they were asked.</param>
    /// <param name="nowMs">The router's time.</param>
    internal void LogEndsAnswered(
        IReadOnlyList<TopicPartitionGeneration> asked,
        IReadOnlyDictionary<(string Topic, int Partition), long> ends,
        long clockMs,
        long nowMs) =>
        _idle.Answered(asked, ends, clockMs, nowMs);

    /// <summary>A key group acknowledged.</summary>
    internal void Acknowledged(KeyGroupAck ack, long nowMs)
    {
        if (!_acknowledgements.Acknowledged(ack))
            return;
        _lifecycle.StartAnswered(nowMs);
        _buffers.Send(nowMs, force: false);
        _lifecycle.CompleteRevocations();
    }

    /// <summary>A key group refused a batch or a tick, since it begins above what the group has.</summary>
    internal void Gap(KeyGroupGap gap, long nowMs) => _redelivery.Gap(gap, nowMs);

    /// <summary>
    /// The journal of a key group was rolled back: whatever it lacks of what it had acknowledged is read again.
    /// </summary>
    internal void FellBack(KeyGroupFellBack message, long nowMs)
    {
        if (!_redelivery.FellBack(message, nowMs))
            return;
        _acknowledgements.SendTicks(nowMs, flush: false);
        _ticks.Ask(nowMs);
        _lifecycle.CompleteRevocations();
    }

    /// <summary>
    /// Time passed: what has lingered is sent, what was not answered is sent again, ticks and commits are due.
    /// </summary>
    internal void TimePassed(long nowMs)
    {
        _lifecycle.StartAnswered(nowMs);
        _demand.LookAtMemory();
        _gate.ResumeAll(nowMs);
        _intake.TimePassed(_partitions.All, nowMs);
        _buffers.Send(nowMs, Flushing);
        _redelivery.ResendUnanswered(nowMs);
        if (nowMs - _lastTickMs >= _settings.Flow.TickIntervalMs)
        {
            _lastTickMs = nowMs;
            _acknowledgements.SendTicks(nowMs, Flushing);
            if (!Flushing)
                _idle.Look(nowMs);
        }

        if (nowMs - _ticks.LastAskMs >= _settings.Flow.ResendAfterMs)
            _ticks.Ask(nowMs);
        if (nowMs - _lastCommitMs >= _settings.Flow.CommitIntervalMs || Flushing)
        {
            _lastCommitMs = nowMs;
            Commit();
        }
    }

    /// <summary>What this node tells the others of its own partitions: see <see cref="NodeWatermark"/>.</summary>
    internal NodeWatermark OwnWatermark(long nowMs) => new(_alignment.OwnWatermark(nowMs));

    /// <summary>Another node told its watermark.</summary>
    internal void Heard(string node, NodeWatermark watermark, long nowMs)
    {
        _alignment.Heard(node, watermark.Watermark, nowMs);
        _gate.ResumeAll(nowMs);
        _buffers.Send(nowMs, force: false);
    }

    /// <summary>Which other nodes there are.</summary>
    internal void KeepNodes(IReadOnlyCollection<string> others) => _alignment.KeepNodes(others);

    /// <summary>Nothing more will come. What was not decoded yet is read again by the next run.</summary>
    internal void Drain()
    {
        Flushing = true;
        foreach (var partition in _partitions.All)
            partition.Undecoded.Clear();
    }

    /// <summary>Hands what may be committed to the committer.</summary>
    internal void Commit() => _acknowledgements.Commit();

    /// <summary>The join cannot go on.</summary>
    internal void Fail(Exception reason) => _effects.Fail(reason);

    /// <summary>
    /// The records that hold the time of their partition, where that lies outside these limits, ms since the epoch.
    /// </summary>
    internal IReadOnlyList<NewestRecord> NewestOutside(long fromMs, long toMs) =>
    [
        .. _partitions.All.SelectMany(p => p.Sides
            .Where(s => s.MaxEventTime > toMs || (s.MaxEventTime < fromMs && s.MaxEventTime > long.MinValue))
            .Select(s => new NewestRecord(s.Id.Side, p.Topic, p.Partition, s.MaxEventTimeOffset, s.MaxEventTime))),
    ];

    /// <summary>The records that jumped last, one a partition: see <see cref="TimeJumps.Newest"/>.</summary>
    internal IReadOnlyList<JumpedRecord> Jumped() =>
    [
        .. _partitions.All.SelectMany(p => p.Sides
            .Where(s => s.NewestJump is not null)
            .Select(s => (p, s, jump: s.NewestJump!.Value))
            .Select(x => new JumpedRecord(
                new NewestRecord(x.s.Id.Side, x.p.Topic, x.p.Partition, x.jump.Offset, x.jump.Time), x.jump.Above))),
    ];

    /// <summary>Which of the configured fields were found since the start, and which were not.</summary>
    internal InputCounts Input() => new(_intake.FieldsOf(Side.Left), _intake.FieldsOf(Side.Right), _settings.SelectedFields());

    internal RouterStatus Status() => new(
        [.. _partitions.All.OrderBy(p => p.Topic, StringComparer.Ordinal).ThenBy(p => p.Partition).Select(StatusOf)],
        IsClear,
        IsApplied,
        _buffers.BytesInFlight,
        _buffers.Resent)
    {
        MessagesSent = _buffers.Sent,
        ConsumedOfGone = _partitions.ConsumedOfGone,
        DeadLetteredOfGone = _partitions.LeftOfGone.DeadLettered + _partitions.RightOfGone.DeadLettered,
        LeftOfGone = _partitions.LeftOfGone,
        RightOfGone = _partitions.RightOfGone,
        LeftDisorderOfGone = _partitions.LeftDisorderOfGone,
        RightDisorderOfGone = _partitions.RightDisorderOfGone,
        Memory = _demand.Memory,
        Input = Input(),
        Order = _flow.Order,
    };

    RouterStatus.Partition StatusOf(SourcePartition p) => new(
        p.Topic,
        p.Partition,
        p.Phase,
        p.AtEnd,
        p.Position,
        p.Start.LogEndOffset,
        p.AcknowledgedOffset(),
        p.Sides[0].Fates.Consumed,
        p.Sides.Sum(s => s.Fates.DeadLettered),
        [.. p.Sides.Select(s => (s.Id, s.Watermark(_settings.MaxOutOfOrdernessMs)))])
    {
        NewestLogEnd = p.NewestLogEnd,
        BeganAt = p.BeganAt,
        PausedBy = p.PausedBy,
        HeardAtMs = p.HeardAtMs,
        IsFinished = _settings.IsBounded && p.AtEnd,
        IdleSinceMs = p.Sides.Min(s => s.IdleSinceMs),
        IsAtLogEnd = p.IsAtLogEnd,
        CommittedOffset = p.Committed,
        Left = p.FatesOf(Side.Left),
        Right = p.FatesOf(Side.Right),
        Disorder = [.. p.Sides.Select(s => (s.Id.Side, s.Disorder))],
    };
}
