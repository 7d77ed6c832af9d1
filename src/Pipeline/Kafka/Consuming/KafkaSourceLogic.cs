using Akka.Streams.Stage;
using AkkaJoin.Pipeline.Kafka.Settings;

namespace AkkaJoin.Pipeline.Kafka.Consuming;

sealed class KafkaSourceLogic : OutGraphStageLogic
{
    readonly KafkaSource _stage;
    readonly ChunkHandover _handover;
    readonly ChunkControl _control;
    readonly ConsumerSettings _settings;
    readonly AutoSubscription _subscription;
    readonly IAssignmentListener _listener;
    bool _started;

    internal KafkaSourceLogic(
        KafkaSource stage,
        ChunkHandover handover,
        ChunkControl control,
        ConsumerSettings settings,
        AutoSubscription subscription,
        IAssignmentListener listener)
        : base(stage.Shape)
    {
        _stage = stage;
        _handover = handover;
        _control = control;
        _settings = settings;
        _subscription = subscription;
        _listener = listener;
        SetHandler(stage.Out, this);
    }

    public override void PreStart()
    {
        // The stage outlives its outlet: commits come after the last chunk.
        SetKeepGoing(true);
        _handover.AttachStage(GetAsyncCallback(Advance));
        var ended = GetAsyncCallback<Exception?>(End);
        var poller = new ChunkPoller(_settings, _subscription, _listener, _handover, Log);
        _started = true;
        poller.Start(failure =>
        {
            _control.CompleteShutdown();
            ended(failure);
        });
    }

    public override void PostStop()
    {
        _handover.RequestShutdown();
        _control.CompleteStop();
        if (!_started)
            _control.CompleteShutdown();
    }

    public override void OnPull() => Advance();

    // Unlike the default the stage stays until the consumer is closed.
    public override void OnDownstreamFinish(Exception cause) => _handover.RequestShutdown();

    void Advance()
    {
        if (IsClosed(_stage.Out))
            return;
        if (IsAvailable(_stage.Out) && _handover.TryTake(out var chunk))
            Push(_stage.Out, chunk);
        else if (_handover.IsDrained)
            CompleteOutlet();
    }

    void CompleteOutlet()
    {
        Complete(_stage.Out);
        _control.CompleteStop();
    }

    void End(Exception? failure)
    {
        if (failure is null)
            CompleteStage();
        else
            FailStage(failure);
    }
}
