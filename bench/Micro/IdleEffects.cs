using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Bench.Micro;

/// <summary>Keeps what a router tells all key groups and asks the brokers, and does nothing else.</summary>
sealed class IdleEffects : IRouterEffects
{
    readonly List<NodeTicks> _ticks = [];
    (IReadOnlyList<TopicPartitionGeneration> Partitions, long ClockMs)? _question;

    /// <summary>How many claims there were.</summary>
    internal long Claims { get; private set; }

    /// <inheritdoc/>
    public long ClockMs { get; set; }

    /// <inheritdoc/>
    public bool HasFailed => false;

    /// <summary>What was told since the last call.</summary>
    internal NodeTicks[] TakeTicks()
    {
        NodeTicks[] ticks = [.. _ticks];
        _ticks.Clear();
        return ticks;
    }

    /// <summary>What was asked since the last call, or null.</summary>
    internal (IReadOnlyList<TopicPartitionGeneration> Partitions, long ClockMs)? TakeQuestion()
    {
        var question = _question;
        _question = null;
        return question;
    }

    /// <inheritdoc/>
    public void SendToAll(NodeTicks ticks)
    {
        _ticks.Add(ticks);
        Claims += ticks.Ticks.Count(tick => tick.IsClaim);
    }

    /// <inheritdoc/>
    public void AskLogEnds(IReadOnlyList<TopicPartitionGeneration> partitions, long clockMs) => _question = (partitions, clockMs);

    /// <inheritdoc/>
    public int Rewind(string topic, int partition, int generation, long offset) => throw new InvalidOperationException("nothing is lost");

    /// <inheritdoc/>
    public void Fail(Exception reason) => throw reason;

    /// <inheritdoc/>
    public void Send(IKeyGroupMessage message)
    {
    }

    /// <inheritdoc/>
    public void StartReading(string topic, int partition, int generation, long offset)
    {
    }

    /// <inheritdoc/>
    public void ReduceInFlight(string topic, int partition, int generation, long bytes)
    {
    }

    /// <inheritdoc/>
    public void Commit(PartitionOffset offset)
    {
    }

    /// <inheritdoc/>
    public void WriteDeadLetters(SourcePartition partition, int generation, IReadOnlyList<DeadLetter> letters)
    {
    }

    /// <inheritdoc/>
    public void JournalIsBehind(string topic, int partition, long committed, long applied)
    {
    }

    /// <inheritdoc/>
    public void JournalIsAhead(int partitions, long offsets, PartitionStart example, long applied)
    {
    }
}
