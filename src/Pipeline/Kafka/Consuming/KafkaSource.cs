using Akka.Streams;
using Akka.Streams.Stage;
using AkkaJoin.Pipeline.Kafka.Settings;

namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>
/// Emits the records of the subscribed topics, a chunk of one partition at a time. A thread of its own polls the
/// consumer for as long as the stream lives. It pauses the partitions with too many bytes in flight, so that the stream
/// never blocks it.
/// </summary>
sealed class KafkaSource(ConsumerSettings settings, AutoSubscription subscription, IAssignmentListener listener)
    : GraphStageWithMaterializedValue<SourceShape<RecordChunk>, IChunkControl>
{
    internal Outlet<RecordChunk> Out { get; } = new("KafkaSource.out");

    public override SourceShape<RecordChunk> Shape => new(Out);

    public override ILogicAndMaterializedValue<IChunkControl> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var handover = new ChunkHandover(settings.PartitionInFlightBytesMax, settings.BufferedChunksMax);
        var logic = new KafkaSourceLogic(this, handover, settings, subscription, listener);
        return new LogicAndMaterializedValue<IChunkControl>(logic, handover);
    }

    protected override Attributes InitialAttributes { get; } = Attributes.CreateName("KafkaSource");
}

sealed class KafkaSourceLogic : OutGraphStageLogic
{
    readonly KafkaSource _stage;
    readonly ChunkHandover _handover;
    readonly ConsumerSettings _settings;
    readonly AutoSubscription _subscription;
    readonly IAssignmentListener _listener;
    bool _started;

    internal KafkaSourceLogic(
        KafkaSource stage,
        ChunkHandover handover,
        ConsumerSettings settings,
        AutoSubscription subscription,
        IAssignmentListener listener)
        : base(stage.Shape)
    {
        _stage = stage;
        _handover = handover;
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
            _handover.CompleteShutdown();
            ended(failure);
        });
    }

    public override void PostStop()
    {
        _ = _handover.Shutdown();
        _handover.CompleteStop();
        if (!_started)
            _handover.CompleteShutdown();
    }

    public override void OnPull() => Advance();

    // Unlike the default the stage stays until the consumer is closed.
    public override void OnDownstreamFinish(Exception cause) => _handover.Shutdown();

    void Advance()
    {
        if (IsClosed(_stage.Out))
            return;
        if (IsAvailable(_stage.Out) && _handover.TryDequeue(out var chunk))
            Push(_stage.Out, chunk);
        else if (_handover.IsDrained)
            CompleteOutlet();
    }

    void CompleteOutlet()
    {
        Complete(_stage.Out);
        _handover.CompleteStop();
    }

    void End(Exception? failure)
    {
        if (failure is null)
            CompleteStage();
        else
            FailStage(failure);
    }
}
