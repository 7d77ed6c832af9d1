using Akka;
using Akka.Streams.Dsl;
using AkkaJoin.Pipeline.Kafka.Settings;

namespace AkkaJoin.Pipeline.Kafka.Dsl;

/// <summary>Commits the offsets that flow by; the entry point that Akka.Streams.Kafka has.</summary>
static class Committer
{
    /// <summary>Gathers offsets and hands the latest of each partition to <paramref name="control"/>, in the order they come.</summary>
    internal static Sink<PartitionOffset, Task<Done>> Sink(CommitterSettings settings, IChunkControl control) =>
        Flow.Create<PartitionOffset>()
            .GroupedWithin(settings.MaxBatch, settings.MaxInterval)
            .ToMaterialized(Akka.Streams.Dsl.Sink.ForEach<IEnumerable<PartitionOffset>>(o => control.Commit([.. o])), Keep.Right);
}
