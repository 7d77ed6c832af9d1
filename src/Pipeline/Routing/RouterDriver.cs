using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Shards.Profiling;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// What the stage around a <see cref="Router"/> decides, as pure code: in which order it does what waits, what goes in parts, what is committed, what other nodes
/// are told, and when it has drained. Once the router has failed nothing of it goes out any more.
/// </summary>
sealed class RouterDriver : IRouterEffects
{
    readonly RouterSettings _settings;
    readonly RouterInbox _inbox;
    readonly IRouterHands _hands;
    readonly int _partBytesMax;

    // Offsets that the committer has not taken yet: the latest of each partition, so it never holds more than there are partitions.
    readonly Dictionary<(string Topic, int Partition), PartitionOffset> _commits = [];
    IChunkControl? _control;
    long _drainUntilMs = long.MaxValue;
    long _messagesInParts;
    long _tickedMs = long.MinValue / 2;
    bool _hasFailed;

    /// <param name="settings">The router's.</param>
    /// <param name="sidesOf">What a topic is to the join.</param>
    /// <param name="inbox">What comes from other threads.</param>
    /// <param name="hands">Does what is said.</param>
    /// <param name="effects">The router's effects, from those of this class.</param>
    /// <param name="partBytesMax">The most bytes of a message that goes in one.</param>
    internal RouterDriver(
        RouterSettings settings,
        Func<string, IReadOnlyList<RouteSide>> sidesOf,
        RouterInbox inbox,
        IRouterHands hands,
        Func<IRouterEffects, IRouterEffects> effects,
        int partBytesMax = DeliverPart.BytesMax)
    {
        _settings = settings;
        _inbox = inbox;
        _hands = hands;
        _partBytesMax = partBytesMax;
        Router = new Router(settings, sidesOf, effects(this));
    }

    internal Router Router { get; }

    /// <summary>Does what waits in the inbox.</summary>
    internal void Woken() => Step(_ => { });

    /// <summary>Some time has passed.</summary>
    internal void TimePassed()
    {
        Step(Router.TimePassed);
        Step(Tick);
    }

    /// <summary>Records came.</summary>
    internal void Chunk(RecordChunk chunk) => Step(now => Router.Chunk(chunk, now));

    /// <summary>A key group answered, or another node said something.</summary>
    /// <param name="message">What it says.</param>
    /// <param name="node">The sender's node, of which another says something of itself.</param>
    internal void Received(object message, string node)
    {
        switch (message)
        {
            case GroupAck ack when PeerChecks.IsAnswer(ack, _settings.Groups):
                Step(now => Router.Acknowledged(ack, now));
                break;
            case GroupGap gap when PeerChecks.IsAnswer(gap, _settings.Groups):
                Step(now => Router.Gap(gap, now));
                break;
            case GroupFellBack fell when PeerChecks.IsAnswer(fell, _settings.Groups):
                Step(now => Router.FellBack(fell, now));
                break;
            case NodeFloor floor when PeerChecks.IsFloor(floor):
                Step(now => Router.Heard(node, floor, now));
                break;
        }
    }

    /// <summary>No more records come.</summary>
    internal void Drain()
    {
        Router.Drain();
        _drainUntilMs = _hands.NowMs + _settings.Flow.DrainTimeoutMs;
        Step(Router.TimePassed);
    }

    /// <summary>Takes an offset that may be committed.</summary>
    internal bool TakeCommit(out PartitionOffset offset)
    {
        offset = default;
        if (_commits.Count == 0)
            return false;
        (var key, offset) = _commits.First();
        return _commits.Remove(key);
    }

    void IRouterEffects.Send(IGroupMessage message)
    {
        if (_hasFailed)
            return;
        using var span = Profile.Measure(ProfileStage.Transport);
        if (message is not Deliver deliver || deliver.Batches.Length <= _partBytesMax || !_hands.AreSeveral)
        {
            _hands.Send(message);
            return;
        }

        foreach (var part in DeliverPart.Split(deliver, ++_messagesInParts, _partBytesMax))
            _hands.Send(part);
    }

    void IRouterEffects.SendToAll(NodeTicks ticks)
    {
        if (!_hasFailed)
            _hands.SendToAll(ticks);
    }

    void IRouterEffects.Begin(string topic, int partition, int generation, long offset)
    {
        if (!_hasFailed)
            _control!.Begin(topic, partition, generation, offset);
    }

    int IRouterEffects.Rewind(string topic, int partition, int generation, long offset) =>
        _hasFailed ? -1 : _control!.Rewind(topic, partition, generation, offset);

    void IRouterEffects.Release(string topic, int partition, int generation, long bytes) =>
        _control!.Release(topic, partition, generation, bytes);

    void IRouterEffects.Commit(PartitionOffset offset)
    {
        if (_hasFailed)
            return;
        _commits[(offset.Topic, offset.Partition)] = offset;
        _hands.OfferCommit();
    }

    void IRouterEffects.WriteDeadLetters(SourcePartition partition, int generation, IReadOnlyList<DeadLetter> letters) =>
        throw new InvalidOperationException("the effects of the engine write dead letters");

    void IRouterEffects.JournalIsBehind(string topic, int partition, long committed, long covered) =>
        throw new InvalidOperationException("the effects of the engine deal with a journal that is behind");

    void IRouterEffects.JournalIsAhead(int partitions, long offsets, PartitionStart example, long covered) =>
        throw new InvalidOperationException("the effects of the engine tell of a journal that is ahead");

    // The step goes on to its end, and what it would say rests on what was found to be wrong: a tick at the committed offset would be taken by a key group
    // that has forgotten the partition, and all below it would be missing.
    void IRouterEffects.Fail(Exception reason)
    {
        if (_hasFailed)
            return;
        _hasFailed = true;
        _commits.Clear();
        _hands.Fail(reason);
    }

    // Nothing is done before the source's control is there: rebalances wait in the inbox.
    void Step(Action<long> action)
    {
        _control ??= _hands.Control;
        if (_control is null || _hasFailed)
            return;
        using var span = Profile.Measure(ProfileStage.Route);
        var now = _hands.NowMs;
        _inbox.Run(Router, now);
        action(now);
        if (!_hasFailed && _drainUntilMs != long.MaxValue)
            EndIfDrained(now);
    }

    void Tick(long nowMs)
    {
        if (nowMs - _tickedMs < _settings.Flow.TickIntervalMs)
            return;
        _tickedMs = nowMs;
        if (PipelineMetrics.IsWatched)
            PipelineMetrics.Show(_settings.Join, Router.Status());
        if (_settings.MaxDriftMs is not null)
            TellFloor(nowMs);
    }

    void TellFloor(long nowMs)
    {
        Router.Keep(_hands.Others);
        if (_hands.AreSeveral)
            _hands.TellOthers(Router.Floor(nowMs));
    }

    void EndIfDrained(long nowMs)
    {
        if (!Router.IsCovered && nowMs < _drainUntilMs)
            return;
        Router.Commit();
        if (_commits.Count == 0)
            _hands.Complete();
    }
}
