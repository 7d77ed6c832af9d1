using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Tests.Routing;

/// <summary>What a router wanted done, in lists.</summary>
sealed class RecordedEffects : IRouterEffects
{
    internal List<IKeyGroupMessage> Sent { get; } = [];

    internal List<NodeTicks> ToAll { get; } = [];

    internal List<PartitionOffset> Committed { get; } = [];

    internal List<(SourcePartition Partition, int Generation)> DeadLetters { get; } = [];

    /// <summary>The letters themselves, of all partitions.</summary>
    internal List<DeadLetter> Letters { get; } = [];

    /// <summary>Partitions that are read, and reports of a journal that is behind or ahead, in order.</summary>
    internal List<string> Begun { get; } = [];

    /// <summary>Partitions of which bytes were acknowledged.</summary>
    internal List<int> Released { get; } = [];

    internal int Generation { get; set; }

    /// <summary>The join's clock, ms.</summary>
    public long ClockMs { get; set; }

    public void Send(IKeyGroupMessage message) => Sent.Add(message);

    public void SendToAll(NodeTicks ticks) => ToAll.Add(ticks);

    public void StartReading(string topic, int partition, int generation, long offset) => Begun.Add($"{topic}/{partition} at {offset}");

    public int Rewind(string topic, int partition, int generation, long offset) => ++Generation;

    public void ReduceInFlight(string topic, int partition, int generation, long bytes) => Released.Add(partition);

    public void Commit(PartitionOffset offset) => Committed.Add(offset);

    public void WriteDeadLetters(SourcePartition partition, int generation, IReadOnlyList<DeadLetter> letters)
    {
        DeadLetters.Add((partition, generation));
        Letters.AddRange(letters);
    }

    /// <summary>What the brokers were asked for, with the clock.</summary>
    internal List<(IReadOnlyList<TopicPartitionGeneration> Partitions, long ClockMs)> Asked { get; } = [];

    public void AskLogEnds(IReadOnlyList<TopicPartitionGeneration> partitions, long clockMs) => Asked.Add((partitions, clockMs));

    public void JournalIsBehind(string topic, int partition, long committed, long covered) =>
        Begun.Add($"{topic}/{partition} behind at {covered} of {committed}");

    public void JournalIsAhead(int partitions, long offsets, PartitionStart example, long covered) =>
        Begun.Add($"{offsets} offsets of {partitions} ahead, {example.Topic}/{example.Partition} at {covered} of {example.CommittedOffset}");

    /// <summary>
    /// Whether a step goes on to its end where the join cannot, as it does in earnest; otherwise the reason is thrown.
    /// </summary>
    internal bool GoesOnAfterFailure { get; set; }

    public bool HasFailed { get; private set; }

    public void Fail(Exception reason)
    {
        if (!GoesOnAfterFailure)
            throw reason;
        HasFailed = true;
    }
}
