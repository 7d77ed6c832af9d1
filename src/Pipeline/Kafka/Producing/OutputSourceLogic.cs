using Akka.Actor;
using Akka.Streams.Stage;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Kafka.Producing;

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
                Take(output);
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

    void Take(OutputEvent output)
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
