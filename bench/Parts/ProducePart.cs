using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaJoin.Bench.Measuring;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Bench.Parts;

/// <summary>The sink alone: rendered rows to the output topic, until the broker acknowledged the last one.</summary>
static class ProducePart
{
    internal static async Task<double> MeasureAsync(KafkaSettings kafka, JoinSettings join, KeyGroupRuns groups)
    {
        var system = LocalSystem.Create();
        var settings = ProducerSettings.Create(kafka, join);
        var cpu = await CpuMeter.MeasureAsync(() => RunAsync(system, settings, OutputTopics.Create(join), groups));
        await system.Terminate();
        return cpu;
    }

    static async Task RunAsync(ActorSystem system, ProducerSettings settings, OutputTopics topics, KeyGroupRuns groups)
    {
        using var producer = new OutputProducer(settings, Logging.GetLogger(system, "bench"));
        var (source, done) = KafkaProducer.OutputSource()
            .ToMaterialized(KafkaProducer.OutputSink(producer, topics, settings), Keep.Both)
            .Run(system.Materializer());
        var outputs = await source;
        for (var group = 0; group < groups.Outputs.Length; group++)
        {
            foreach (var (sequence, bytes) in groups.Outputs[group])
                outputs.Tell(new OutputEvent(group, "bench", sequence, bytes, ActorRefs.Nobody));
        }

        outputs.Tell(new Status.Success(Akka.Done.Instance));
        await done;
    }
}
