using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Stage;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>
/// Emits what key groups tell its actor. It has no limit of its own: a key group persists nothing above its unconfirmed-bytes-max, and holds
/// the bytes that wait here until they are confirmed anyway. One event may be larger than any limit (time is closed, a watermark leaps); it
/// is durable, and a stream that failed over it would fail again after every start. <see cref="Akka.Actor.Status.Success"/> completes it once the buffer is empty.
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
