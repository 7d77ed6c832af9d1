using System.Diagnostics;
using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Stage;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// The stage around a <see cref="Router"/>, where the stream of chunks ends. It always pulls: the source's limit of
/// bytes in flight bounds what lies here, and the key groups' acknowledgements let it read on. Offsets go straight to
/// the source's control, which commits them. When the source completes it drains: everything goes out at once, and it
/// completes once every key group has journaled everything, or the drain's limit is over.
/// </summary>
sealed class RouterStage(
    RouterSettings settings,
    Func<string, IReadOnlyList<RouteSide>> sidesOf,
    RouterInbox inbox,
    IActorRef region,
    INodePeers peers,
    JoinClock clock,
    IEngineEffects engine) : GraphStageWithMaterializedValue<SinkShape<RecordChunk>, Task<Done>>
{
    readonly Inlet<RecordChunk> _in = new("Router.in");

    /// <inheritdoc/>
    public override SinkShape<RecordChunk> Shape => new(_in);

    internal RouterSettings Settings => settings;

    internal Func<string, IReadOnlyList<RouteSide>> SidesOf => sidesOf;

    internal RouterInbox Inbox => inbox;

    internal IActorRef Region => region;

    internal INodePeers Peers => peers;

    internal JoinClock Clock => clock;

    internal Inlet<RecordChunk> In => _in;

    internal IEngineEffects Engine => engine;

    /// <inheritdoc/>
    public override ILogicAndMaterializedValue<Task<Done>> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var done = new TaskCompletionSource<Done>(TaskCreationOptions.RunContinuationsAsynchronously);
        return new LogicAndMaterializedValue<Task<Done>>(new RouterStageLogic(this, done), done.Task);
    }
}

/// <summary>
/// Runs a <see cref="RouterDriver"/> as a <see cref="RouterStage"/>: does what the driver says, and tells it what
/// comes. It decides nothing.
/// </summary>
sealed class RouterStageLogic : TimerGraphStageLogic, IRouterEnvironment
{
    const string Timer = "time";

    // Time never goes back, and has the phase of the wall clock as it was at the start: nodes then do alike things at
    // about the same moment.
    static readonly long StartMs =
        DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000));

    // What waits for its time to come (ticks, partitions that are held back) waits this much longer.
    const int TimerMsMax = 50;
    readonly RouterStage _stage;
    readonly RouterDriver _driver;
    readonly TaskCompletionSource<Done> _done;
    IActorRef _self = ActorRefs.Nobody;

    // How the stage ends: the first of the two counts.
    bool _isComplete;
    Exception? _failure;

    internal RouterStageLogic(RouterStage stage, TaskCompletionSource<Done> done)
        : base(stage.Shape)
    {
        _stage = stage;
        _done = done;
        _driver = new RouterDriver(stage.Settings, stage.SidesOf, stage.Inbox, this, stage.Engine);
        SetHandler(stage.In, onPush: OnPush, onUpstreamFinish: () => Run(_driver.Drain), onUpstreamFailure: Fail);
    }

    /// <inheritdoc/>
    public long NowMs => StartMs + (Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000));

    /// <inheritdoc/>
    public long ClockMs => _stage.Clock.NowMs;

    /// <inheritdoc/>
    public IChunkControl? Control => _stage.Inbox.Control.Task is { IsCompletedSuccessfully: true } control ? control.Result : null;

    /// <inheritdoc/>
    public bool AreSeveral => _stage.Peers.AreSeveral;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Others => _stage.Peers.Others;

    /// <inheritdoc/>
    public override void PreStart()
    {
        SetKeepGoing(true); // it drains after its source has ended
        _self = GetStageActor(Received).Ref;
        var wake = GetAsyncCallback(() => Run(_driver.Woken));
        _stage.Inbox.Open(wake);
        _stage.Inbox.Control.Task.ContinueWith(_ => wake(), TaskScheduler.Default);
        _stage.Peers.Register(_self);
        ScheduleRepeatedly(Timer, TimeSpan.FromMilliseconds(Math.Clamp(_stage.Settings.Flow.LingerMs / 4, 1, TimerMsMax)));
        Pull(_stage.In);
    }

    /// <inheritdoc/>
    public override void PostStop()
    {
        RoutingMetrics.Remove(_stage.Settings.Join);
        _stage.Inbox.End(_driver.Router.Status());

        // Last: whoever hears of the end asks the inbox for the router's last status.
        if (_isComplete)
            _done.SetResult(Done.Instance);
        else
            _done.SetException(_failure ?? new KafkaStopException("the stream of records was stopped before it was complete"));
    }

    /// <inheritdoc/>
    public void Send(IKeyGroupMessage message) => _stage.Region.Tell(message, _self);

    /// <inheritdoc/>
    public void SendToAll(NodeTicks ticks) => _stage.Peers.Tell(ticks, _self);

    /// <inheritdoc/>
    public void TellOthers(NodeWatermark watermark) => _stage.Peers.TellOthers(watermark, _self);

    /// <inheritdoc/>
    public void Complete()
    {
        _isComplete = _failure is null;
        CompleteStage();
    }

    /// <inheritdoc/>
    public void Fail(Exception reason)
    {
        if (!_isComplete)
            _failure ??= reason;
        FailStage(reason);
    }

    /// <inheritdoc/>
    protected override void OnTimer(object timerKey) => Run(_driver.TimePassed);

    void OnPush()
    {
        try
        {
            _driver.Chunk(Grab(_stage.In));
        }
        catch (Exception e)
        {
            Fail(e);
            return;
        }

        if (!HasBeenPulled(_stage.In) && !IsClosed(_stage.In))
            Pull(_stage.In);
    }

    void Received((IActorRef Sender, object Message) letter) => Run(() =>
        _driver.Received(letter.Message, letter.Message is NodeWatermark ? letter.Sender.Path.Address.ToString() : ""));

    // Whoever waits for the stage's end hears the reason.
    void Run(Action step)
    {
        try
        {
            step();
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }
}
