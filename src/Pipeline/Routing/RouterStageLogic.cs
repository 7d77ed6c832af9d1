using System.Diagnostics;
using Akka.Actor;
using Akka.Streams.Stage;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Shards.Profiling;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>The logic of a <see cref="RouterStage"/>, and the router's hands.</summary>
sealed class RouterStageLogic : TimerGraphStageLogic, IRouterEffects
{
    const string Timer = "time";

    // Time never goes back, and has the phase of the wall clock as it was at the start: nodes then do alike things at about the same moment.
    static readonly long ClockMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000));

    // What waits for its time to come (ticks, partitions that are held back) waits this much longer.
    const int TimerMsMax = 50;
    readonly RouterStage _stage;
    readonly Router _router;

    // Offsets that the committer has not pulled yet: the latest of each partition, so it never holds more than there are partitions.
    readonly Dictionary<(string Topic, int Partition), PartitionOffset> _commits = [];
    IActorRef _self = ActorRefs.Nobody;
    IChunkControl? _control;
    long _drainUntilMs = long.MaxValue;
    long _messagesInParts;
    long _tickedMs = long.MinValue / 2;

    internal RouterStageLogic(RouterStage stage)
        : base(stage.Shape)
    {
        _stage = stage;
        _router = new Router(stage.Settings, stage.SidesOf, stage.Effects(this));
        SetHandler(stage.In, onPush: OnPush, onUpstreamFinish: Drain);
        SetHandler(stage.Out, onPull: Push);
    }

    static long NowMs => ClockMs + (Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000));

    /// <inheritdoc/>
    public override void PreStart()
    {
        _self = GetStageActor(Received).Ref;
        var wake = GetAsyncCallback(Woken);
        _stage.Inbox.Open(wake);
        _stage.Inbox.Control.Task.ContinueWith(_ => wake(), TaskScheduler.Default);
        _stage.Peers.Register(_self);
        ScheduleRepeatedly(Timer, TimeSpan.FromMilliseconds(Math.Clamp(_stage.Settings.Flow.LingerMs / 4, 1, TimerMsMax)));
        Pull(_stage.In);
    }

    /// <inheritdoc/>
    public override void PostStop()
    {
        PipelineMetrics.Remove(_stage.Settings.Join);
        _stage.Inbox.Close(_router.Status());
    }

    void IRouterEffects.Send(IGroupMessage message)
    {
        using var span = Profile.Measure(ProfileStage.Transport);
        if (message is not Deliver deliver || deliver.Batches.Length <= DeliverPart.BytesMax || !_stage.Peers.AreSeveral)
        {
            _stage.Region.Tell(message, _self);
            return;
        }

        foreach (var part in DeliverPart.Split(deliver, ++_messagesInParts))
            _stage.Region.Tell(part, _self);
    }

    void IRouterEffects.SendToAll(NodeTicks ticks) => _stage.Peers.Tell(ticks, _self);

    void IRouterEffects.Begin(string topic, int partition, int generation, long offset) =>
        _control!.Begin(topic, partition, generation, offset);

    int IRouterEffects.Rewind(string topic, int partition, int generation, long offset) =>
        _control!.Rewind(topic, partition, generation, offset);

    void IRouterEffects.Release(string topic, int partition, int generation, long bytes) =>
        _control!.Release(topic, partition, generation, bytes);

    void IRouterEffects.Commit(PartitionOffset offset)
    {
        _commits[(offset.Topic, offset.Partition)] = offset;
        Push();
    }

    void IRouterEffects.WriteDeadLetters(SourcePartition partition, int generation, IReadOnlyList<DeadLetter> letters) =>
        throw new InvalidOperationException("the effects of the engine write dead letters");

    void IRouterEffects.JournalIsBehind(string topic, int partition, long committed, long covered) =>
        throw new InvalidOperationException("the effects of the engine deal with a journal that is behind");

    void IRouterEffects.JournalIsAhead(int partitions, long offsets, PartitionStart example, long covered) =>
        throw new InvalidOperationException("the effects of the engine tell of a journal that is ahead");

    void IRouterEffects.Fail(Exception reason) => FailStage(reason);

    /// <inheritdoc/>
    protected override void OnTimer(object timerKey)
    {
        Step(_router.TimePassed);
        Step(Tick);
    }

    void Tick(long nowMs)
    {
        if (nowMs - _tickedMs < _stage.Settings.Flow.TickIntervalMs)
            return;
        _tickedMs = nowMs;
        if (PipelineMetrics.IsWatched)
            PipelineMetrics.Show(_stage.Settings.Join, _router.Status());
        if (_stage.Settings.MaxDriftMs is not null)
            TellFloor(nowMs);
    }

    void TellFloor(long nowMs)
    {
        _router.Keep(_stage.Peers.Others);
        if (_stage.Peers.AreSeveral)
            _stage.Peers.TellOthers(_router.Floor(nowMs), _self);
    }

    void OnPush()
    {
        var chunk = Grab(_stage.In);
        Step(now => _router.Chunk(chunk, now));
        if (!HasBeenPulled(_stage.In) && !IsClosed(_stage.In))
            Pull(_stage.In);
    }

    void Received((IActorRef Sender, object Message) letter)
    {
        switch (letter.Message)
        {
            case GroupAck ack:
                Step(now => _router.Acknowledged(ack, now));
                break;
            case GroupGap gap:
                Step(now => _router.Gap(gap, now));
                break;
            case NodeFloor floor:
                Step(now => _router.Heard(letter.Sender.Path.Address.ToString(), floor, now));
                break;
        }
    }

    void Woken() => Step(_ => { });

    // Nothing is done before the source's control is there: rebalances wait in the inbox.
    void Step(Action<long> action)
    {
        if (_control is null)
        {
            if (!_stage.Inbox.Control.Task.IsCompletedSuccessfully)
                return;
            _control = _stage.Inbox.Control.Task.Result;
        }

        using var span = Profile.Measure(ProfileStage.Route);
        var now = NowMs;
        _stage.Inbox.Run(_router, now);
        action(now);
        if (_drainUntilMs != long.MaxValue)
            EndIfDrained(now);
    }

    void Drain()
    {
        _router.Drain();
        _drainUntilMs = NowMs + _stage.Settings.Flow.DrainTimeoutMs;
        Step(_router.TimePassed);
    }

    void EndIfDrained(long nowMs)
    {
        if (!_router.IsCovered && nowMs < _drainUntilMs)
            return;
        _router.Commit();
        if (_commits.Count == 0)
            CompleteStage();
    }

    void Push()
    {
        if (_commits.Count == 0 || !IsAvailable(_stage.Out))
            return;
        var (key, offset) = _commits.First();
        _commits.Remove(key);
        Push(_stage.Out, offset);
    }
}
