using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Tests.Routing;

/// <summary>What a router wanted done, in lists.</summary>
sealed class RecordedEffects : IRouterEffects
{
    internal List<IGroupMessage> Sent { get; } = [];

    internal List<PartitionOffset> Committed { get; } = [];

    internal List<(SourcePartition Partition, int Generation)> DeadLetters { get; } = [];

    internal int Generation { get; set; }

    public void Send(IGroupMessage message) => Sent.Add(message);

    public void Begin(string topic, int partition, int generation, long offset)
    {
    }

    public int Rewind(string topic, int partition, int generation, long offset) => ++Generation;

    public void Release(string topic, int partition, int generation, long bytes)
    {
    }

    public void Commit(PartitionOffset offset) => Committed.Add(offset);

    public void WriteDeadLetters(SourcePartition partition, int generation, IReadOnlyList<DeadLetter> letters) =>
        DeadLetters.Add((partition, generation));

    public void JournalIsBehind(string topic, int partition, long committed, long covered) =>
        throw new InvalidOperationException($"{topic}/{partition}: the journal ends at {covered} below the committed {committed}");

    public void Fail(Exception reason) => throw reason;
}
