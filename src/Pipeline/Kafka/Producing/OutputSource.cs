using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Stage;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>
/// Emits what key groups tell its actor. Key groups hold back by themselves (they know what is unconfirmed); a hard limit stands behind
/// them, above which the stream fails. <see cref="Akka.Actor.Status.Success"/> completes it once the buffer is empty.
/// </summary>
/// <param name="bufferedBytesMax">The most bytes of outputs that wait for demand.</param>
sealed class OutputSource(long bufferedBytesMax) : GraphStageWithMaterializedValue<SourceShape<OutputEvent>, Task<IActorRef>>
{
    internal Outlet<OutputEvent> Out { get; } = new("OutputSource.out");

    public override SourceShape<OutputEvent> Shape => new(Out);

    public override ILogicAndMaterializedValue<Task<IActorRef>> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var actor = new TaskCompletionSource<IActorRef>(TaskCreationOptions.RunContinuationsAsynchronously);
        return new LogicAndMaterializedValue<Task<IActorRef>>(new OutputSourceLogic(this, bufferedBytesMax, actor), actor.Task);
    }

    protected override Attributes InitialAttributes { get; } = Attributes.CreateName("OutputSource");
}
