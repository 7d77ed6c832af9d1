using Akka;
using Akka.Actor;
using Akka.Streams.Dsl;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Pipeline.Kafka.Producing;

/// <summary>Sinks over Kafka, by the name that they have in Akka.Streams.Kafka.</summary>
static class KafkaProducer
{
    /// <summary>
    /// Writes outputs and confirms them to the key groups; done when the stream ended and all is acknowledged.
    /// </summary>
    internal static Sink<OutputEvent, Task<Done>> OutputSink(
        OutputProducer producer, OutputTopics topics, ProducerSettings settings, Deliveries? deliveries = null) =>
        Sink.FromGraph(new KafkaSink(producer, topics, settings, deliveries));

    /// <summary>What key groups tell the actor.</summary>
    internal static Source<OutputEvent, Task<IActorRef>> OutputSource() => Source.FromGraph(new OutputSource());
}
