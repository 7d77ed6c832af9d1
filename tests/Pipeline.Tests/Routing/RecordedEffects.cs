using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Tests.Routing;

/// <summary>What a router wanted done, in lists.</summary>
sealed class RecordedEffects : IRouterEffects
{
    internal List<IGroupMessage> Sent { get; } = [];

    internal List<NodeTicks> ToAll { get; } = [];

    internal List<PartitionOffset> Committed { get; } = [];

    internal List<(SourcePartition Partition, int Generation)> DeadLetters { get; } = [];

    /// <summary>Partitions begun, and reports of a journal that is behind or ahead, in order.</summary>
    internal List<string> Begun { get; } = [];

    /// <summary>Partitions whose credit was given back.</summary>
    internal List<int> Released { get; } = [];

    internal int Generation { get; set; }

    public void Send(IGroupMessage message) => Sent.Add(message);

    public void SendToAll(NodeTicks ticks) => ToAll.Add(ticks);

    public void Begin(string topic, int partition, int generation, long offset) => Begun.Add($"{topic}/{partition} at {offset}");

    public int Rewind(string topic, int partition, int generation, long offset) => ++Generation;

    public void Release(string topic, int partition, int generation, long bytes) => Released.Add(partition);

    public void Commit(PartitionOffset offset) => Committed.Add(offset);

    public void WriteDeadLetters(SourcePartition partition, int generation, IReadOnlyList<DeadLetter> letters) =>
        DeadLetters.Add((partition, generation));

    public void JournalIsBehind(string topic, int partition, long committed, long covered) =>
        Begun.Add($"{topic}/{partition} behind at {covered} of {committed}");

    public void JournalIsAhead(int partitions, long offsets, PartitionStart example, long covered) =>
        Begun.Add($"{offsets} offsets of {partitions} ahead, {example.Topic}/{example.Partition} at {covered} of {example.CommittedOffset}");

    public void Fail(Exception reason) => throw reason;
}
