using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.KeyGroups;
using AkkaJoin.Shards.Profiling;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// What the stage around a <see cref="Router"/> decides, as pure code: the order of what waits, which messages go in
/// parts, what other nodes are told, and when the router has drained. Once the router
/// has failed, nothing of it goes out any more.
/// </summary>
sealed class RouterDriver : IRouterEffects
{
    readonly RouterSettings _settings;
    readonly RouterInbox _inbox;
    readonly IRouterEnvironment _environment;
    readonly IEngineEffects _engine;
    readonly PartitionTimes _times = new();
    readonly int _partBytesMax;
    IChunkControl? _control;
    long _drainUntilMs = long.MaxValue;
    long _messagesInParts;
    long _tickedMs = long.MinValue / 2;
    bool _hasFailed;

    /// <param name="settings">The router's.</param>
    /// <param name="sidesOf">The sides that read a topic.</param>
    /// <param name="inbox">What comes from other threads.</param>
    /// <param name="environment">The stage around it, or the simulation.</param>
    /// <param name="engine">Does what the stage cannot.</param>
    /// <param name="partBytesMax">The most bytes of a message that goes in one part.</param>
    internal RouterDriver(
        RouterSettings settings,
        Func<string, IReadOnlyList<RouteSide>> sidesOf,
        RouterInbox inbox,
        IRouterEnvironment environment,
        IEngineEffects engine,
        int partBytesMax = DeliverPart.BytesMax)
    {
        _settings = settings;
        _inbox = inbox;
        _environment = environment;
        _engine = engine;
        _partBytesMax = partBytesMax;
        Router = new Router(settings, sidesOf, this);
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
            case KeyGroupAck ack when PeerChecks.IsAnswer(ack, _settings.Groups):
                Step(now => Router.Acknowledged(ack, now));
                break;
            case KeyGroupGap gap when PeerChecks.IsAnswer(gap, _settings.Groups):
                Step(now => Router.Gap(gap, now));
                break;
            case KeyGroupFellBack fell when PeerChecks.IsAnswer(fell, _settings.Groups):
                Step(now => Router.FellBack(fell, now));
                break;
            case NodeWatermark watermark when PeerChecks.IsNodeWatermark(watermark):
                Step(now => Router.Heard(node, watermark, now));
                break;
        }
    }

    /// <summary>No more records come.</summary>
    internal void Drain()
    {
        Router.Drain();
        _drainUntilMs = _environment.NowMs + _settings.Flow.DrainTimeoutMs;
        Step(Router.TimePassed);
    }

    long IRouterEffects.ClockMs => _environment.ClockMs;

    void IRouterEffects.Send(IKeyGroupMessage message)
    {
        if (_hasFailed)
            return;
        using var span = Profile.Measure(ProfileStage.Transport);
        if (message is not Deliver deliver || deliver.Batches.Length <= _partBytesMax || !_environment.AreSeveral)
        {
            _environment.Send(message);
            return;
        }

        foreach (var part in DeliverPart.Split(deliver, ++_messagesInParts, _partBytesMax))
            _environment.Send(part);
    }

    void IRouterEffects.SendToAll(NodeTicks ticks)
    {
        if (!_hasFailed)
            _environment.SendToAll(ticks);
    }

    void IRouterEffects.StartReading(string topic, int partition, int generation, long offset)
    {
        if (!_hasFailed)
            _control!.StartReading(topic, partition, generation, offset);
    }

    int IRouterEffects.Rewind(string topic, int partition, int generation, long offset) =>
        _hasFailed ? -1 : _control!.Rewind(topic, partition, generation, offset);

    void IRouterEffects.ReduceInFlight(string topic, int partition, int generation, long bytes) =>
        _control!.ReduceInFlight(topic, partition, generation, bytes);

    void IRouterEffects.Commit(PartitionOffset offset)
    {
        if (!_hasFailed)
            _control!.Commit(offset);
    }

    void IEngineEffects.WriteDeadLetters(SourcePartition partition, int generation, IReadOnlyList<DeadLetter> letters) =>
        _engine.WriteDeadLetters(partition, generation, letters);

    void IEngineEffects.AskLogEnds(IReadOnlyList<TopicPartitionGeneration> partitions, long clockMs) =>
        _engine.AskLogEnds(partitions, clockMs);

    void IEngineEffects.JournalIsBehind(string topic, int partition, long committed, long applied) =>
        _engine.JournalIsBehind(topic, partition, committed, applied);

    void IEngineEffects.JournalIsAhead(int partitions, long offsets, PartitionStart example, long applied) =>
        _engine.JournalIsAhead(partitions, offsets, example, applied);

    bool IRouterEffects.HasFailed => _hasFailed;

    // The step goes on to its end, and what it would say is based on what was found to be wrong. A tick at the
    // committed offset, say: a key group that has forgotten the partition would take it, and all records below it would
    // be missing.
    void IRouterEffects.Fail(Exception reason)
    {
        if (_hasFailed)
            return;
        _hasFailed = true;
        _environment.Fail(reason);
    }

    // Nothing is done before the source's control is there: rebalances wait in the inbox.
    void Step(Action<long> action)
    {
        _control ??= _environment.Control;
        if (_control is null || _hasFailed)
            return;
        using var span = Profile.Measure(ProfileStage.Route);
        var now = _environment.NowMs;
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
        if (RoutingMetrics.IsWatched)
            ShowMetrics(nowMs);
        if (_settings.MaxDriftMs is not null)
            TellOwnWatermark(nowMs);
    }

    void ShowMetrics(long nowMs)
    {
        var status = Router.Status();
        RoutingMetrics.Show(_settings.Join, status, _times.See(status, nowMs));
    }

    void TellOwnWatermark(long nowMs)
    {
        Router.KeepNodes(_environment.Others);
        if (_environment.AreSeveral)
            _environment.TellOthers(Router.OwnWatermark(nowMs));
    }

    void EndIfDrained(long nowMs)
    {
        if (!Router.IsApplied && nowMs < _drainUntilMs)
            return;
        Router.Commit();
        _environment.Complete();
    }
}
