using Akka.Actor;
using Akka.Streams.Stage;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Kafka.Producing;

sealed class OutputSourceLogic : OutGraphStageLogic
{
    readonly OutputSource _stage;
    readonly long _bytesMax;
    readonly TaskCompletionSource<IActorRef> _actor;
    readonly Queue<OutputEvent> _waiting = new();
    long _bytes; // of _waiting
    bool _complete;

    internal OutputSourceLogic(OutputSource stage, long bytesMax, TaskCompletionSource<IActorRef> actor)
        : base(stage.Shape)
    {
        _stage = stage;
        _bytesMax = bytesMax;
        _actor = actor;
        SetHandler(stage.Out, this);
    }

    public override void PreStart() => _actor.TrySetResult(GetStageActor(Receive).Ref);

    public override void PostStop() => _actor.TrySetException(new KafkaStopException("the output stream was stopped before it began"));

    public override void OnPull()
    {
        if (_waiting.TryDequeue(out var next))
        {
            _bytes -= next.Bytes.Length;
            Push(_stage.Out, next);
        }

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
        {
            Push(_stage.Out, output);
            return;
        }

        _bytes += output.Bytes.Length;
        _waiting.Enqueue(output);
        if (_bytes > _bytesMax)
        {
            FailStage(new KafkaStopException(
                $"key groups emitted {_bytes} bytes of rows that the broker has not taken, more than {_bytesMax}; " +
                "they should have held back at flow.unconfirmed-bytes-max"));
        }
    }

    void CompleteIfDone()
    {
        if (_complete && _waiting.Count == 0)
            Complete(_stage.Out);
    }
}
