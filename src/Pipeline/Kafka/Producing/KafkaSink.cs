using Akka;
using Akka.Streams;
using Akka.Streams.Stage;
using AkkaJoin.Pipeline.Kafka.Deduplicating;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>
/// Writes the outputs of journal events, and tells the key group that emitted an event once the broker has all of them. A broker that is
/// away is waited for; a record that it refuses for good stops the stage.
/// </summary>
/// <param name="producer">The producer; its owner closes it.</param>
/// <param name="topics">Where outputs go.</param>
/// <param name="settings">The limits.</param>
/// <param name="deliveries">Told of what the broker acknowledged; null where nobody asks.</param>
sealed class KafkaSink(OutputProducer producer, OutputTopics topics, ProducerSettings settings, Deliveries? deliveries = null)
    : GraphStageWithMaterializedValue<SinkShape<OutputEvent>, Task<Done>>
{
    internal Inlet<OutputEvent> In { get; } = new("KafkaSink.in");

    public override SinkShape<OutputEvent> Shape => new(In);

    public override ILogicAndMaterializedValue<Task<Done>> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var done = new TaskCompletionSource<Done>(TaskCreationOptions.RunContinuationsAsynchronously);
        return new LogicAndMaterializedValue<Task<Done>>(new KafkaSinkLogic(this, producer, topics, settings, deliveries, done), done.Task);
    }

    protected override Attributes InitialAttributes { get; } = Attributes.CreateName("KafkaSink");
}
