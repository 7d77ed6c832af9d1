using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Stage;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>
/// Emits the events whose rows key groups tell its actor to write. It has no limit of its own: a key group persists
/// nothing above its unconfirmed-bytes-max, and keeps the bytes that wait here until they are confirmed anyway. One
/// event may be larger than any limit (the input ends, a watermark leaps). It is durable, and a stream that failed over
/// it would fail again after every start. <see cref="Akka.Actor.Status.Success"/> completes the stage once its queue is
/// empty.
/// </summary>
sealed class OutputSource : GraphStageWithMaterializedValue<SourceShape<OutputEvent>, Task<IActorRef>>
{
    internal Outlet<OutputEvent> Out { get; } = new("OutputSource.out");

    public override SourceShape<OutputEvent> Shape => new(Out);

    public override ILogicAndMaterializedValue<Task<IActorRef>> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var actor = new TaskCompletionSource<IActorRef>(TaskCreationOptions.RunContinuationsAsynchronously);
        return new LogicAndMaterializedValue<Task<IActorRef>>(new OutputSourceLogic(this, actor), actor.Task);
    }

    protected override Attributes InitialAttributes { get; } = Attributes.CreateName("OutputSource");
}

sealed class OutputSourceLogic : OutGraphStageLogic
{
    readonly OutputSource _stage;
    readonly TaskCompletionSource<IActorRef> _actor;
    readonly Queue<OutputEvent> _waiting = new();
    bool _complete;

    internal OutputSourceLogic(OutputSource stage, TaskCompletionSource<IActorRef> actor)
        : base(stage.Shape)
    {
        _stage = stage;
        _actor = actor;
        SetHandler(stage.Out, this);
    }

    public override void PreStart() => _actor.TrySetResult(GetStageActor(Receive).Ref);

    public override void PostStop() => _actor.TrySetException(new KafkaStopException("the output stream was stopped before it began"));

    public override void OnPull()
    {
        if (_waiting.TryDequeue(out var next))
            Push(_stage.Out, next);
        CompleteIfDone();
    }

    void Receive((IActorRef Sender, object Message) received)
    {
        switch (received.Message)
        {
            case OutputEvent output when !_complete:
                PushOrEnqueue(output);
                break;
            case Status.Success:
                _complete = true;
                CompleteIfDone();
                break;
            case Status.Failure failure:
                FailStage(failure.Cause);
                break;
        }
    }

    void PushOrEnqueue(OutputEvent output)
    {
        if (_waiting.Count == 0 && IsAvailable(_stage.Out))
            Push(_stage.Out, output);
        else
            _waiting.Enqueue(output);
    }

    void CompleteIfDone()
    {
        if (_complete && _waiting.Count == 0)
            Complete(_stage.Out);
    }
}
