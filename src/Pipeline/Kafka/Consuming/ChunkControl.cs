namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>What a <see cref="KafkaSource"/> materializes.</summary>
sealed class ChunkControl(ChunkHandover handover) : IChunkControl
{
    readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _shutdown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task IsShutdown => _shutdown.Task;

    public Task Stop()
    {
        handover.RequestStop();
        return _stopped.Task;
    }

    public Task Shutdown()
    {
        handover.RequestShutdown();
        return IsShutdown;
    }

    public void Begin(string topic, int partition, int generation, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        handover.Begin(topic, partition, generation, offset);
    }

    public int Rewind(string topic, int partition, int generation, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return handover.Rewind(topic, partition, generation, offset);
    }

    public void Release(string topic, int partition, int generation, long bytes) => handover.Release(topic, partition, generation, bytes);

    public void Commit(IReadOnlyList<PartitionOffset> offsets) => handover.Commit(offsets);

    public void RefuseCommits() => handover.RefuseCommits();

    public long LastCommitted(string topic, int partition) => handover.LastCommitted(topic, partition);

    /// <summary>The stream is completed, or never will be.</summary>
    internal void CompleteStop() => _stopped.TrySetResult();

    /// <summary>The consumer is closed.</summary>
    internal void CompleteShutdown()
    {
        _stopped.TrySetResult();
        _shutdown.TrySetResult();
    }
}
