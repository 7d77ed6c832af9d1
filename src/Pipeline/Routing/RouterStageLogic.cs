using System.Diagnostics;
using Akka.Actor;
using Akka.Streams.Stage;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>Runs a <see cref="RouterDriver"/> as a <see cref="RouterStage"/>: does what it says, and tells it what comes. Decides nothing.</summary>
sealed class RouterStageLogic : TimerGraphStageLogic, IRouterHands
{
    const string Timer = "time";

    // Time never goes back, and has the phase of the wall clock as it was at the start: nodes then do alike things at about the same moment.
    static readonly long ClockMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000));

    // What waits for its time to come (ticks, partitions that are held back) waits this much longer.
    const int TimerMsMax = 50;
    readonly RouterStage _stage;
    readonly RouterDriver _driver;
    IActorRef _self = ActorRefs.Nobody;

    internal RouterStageLogic(RouterStage stage)
        : base(stage.Shape)
    {
        _stage = stage;
        _driver = new RouterDriver(stage.Settings, stage.SidesOf, stage.Inbox, this, stage.Effects);
        SetHandler(stage.In, onPush: OnPush, onUpstreamFinish: _driver.Drain);
        SetHandler(stage.Out, onPull: OfferCommit);
    }

    /// <inheritdoc/>
    public long NowMs => ClockMs + (Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000));

    /// <inheritdoc/>
    public IChunkControl? Control => _stage.Inbox.Control.Task is { IsCompletedSuccessfully: true } control ? control.Result : null;

    /// <inheritdoc/>
    public bool AreSeveral => _stage.Peers.AreSeveral;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Others => _stage.Peers.Others;

    /// <inheritdoc/>
    public override void PreStart()
    {
        _self = GetStageActor(Received).Ref;
        var wake = GetAsyncCallback(_driver.Woken);
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
        _stage.Inbox.Close(_driver.Router.Status());
    }

    /// <inheritdoc/>
    public void Send(IGroupMessage message) => _stage.Region.Tell(message, _self);

    /// <inheritdoc/>
    public void SendToAll(NodeTicks ticks) => _stage.Peers.Tell(ticks, _self);

    /// <inheritdoc/>
    public void TellOthers(NodeFloor floor) => _stage.Peers.TellOthers(floor, _self);

    /// <inheritdoc/>
    public void OfferCommit()
    {
        if (IsAvailable(_stage.Out) && _driver.TakeCommit(out var offset))
            Push(_stage.Out, offset);
    }

    /// <inheritdoc/>
    public void Complete() => CompleteStage();

    /// <inheritdoc/>
    public void Fail(Exception reason) => FailStage(reason);

    /// <inheritdoc/>
    protected override void OnTimer(object timerKey) => _driver.TimePassed();

    void OnPush()
    {
        _driver.Chunk(Grab(_stage.In));
        if (!HasBeenPulled(_stage.In) && !IsClosed(_stage.In))
            Pull(_stage.In);
    }

    void Received((IActorRef Sender, object Message) letter) =>
        _driver.Received(letter.Message, letter.Message is NodeFloor ? letter.Sender.Path.Address.ToString() : "");
}
