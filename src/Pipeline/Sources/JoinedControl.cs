using AkkaJoin.Pipeline.Kafka;

namespace AkkaJoin.Pipeline.Sources;

/// <summary>
/// Steers the inputs of a join of which one comes from Kafka and the other from a source of the application's.
/// </summary>
/// <param name="kafka">Steers Kafka's.</param>
/// <param name="application">Steers the application's.</param>
/// <param name="inputs">Which topics are the application's.</param>
sealed class JoinedControl(IChunkControl kafka, IChunkControl application, ApplicationInputs inputs) : IChunkControl
{
    /// <inheritdoc/>
    public Task IsShutdown => Task.WhenAll(kafka.IsShutdown, application.IsShutdown);

    /// <inheritdoc/>
    public Task Stop() => Task.WhenAll(kafka.Stop(), application.Stop());

    /// <inheritdoc/>
    public Task Shutdown() => Task.WhenAll(kafka.Shutdown(), application.Shutdown());

    /// <inheritdoc/>
    public void StartReading(string topic, int partition, int generation, long offset) =>
        Of(topic).StartReading(topic, partition, generation, offset);

    /// <inheritdoc/>
    public int Rewind(string topic, int partition, int generation, long offset) =>
        Of(topic).Rewind(topic, partition, generation, offset);

    /// <inheritdoc/>
    public void ReduceInFlight(string topic, int partition, int generation, long bytes) =>
        Of(topic).ReduceInFlight(topic, partition, generation, bytes);

    /// <inheritdoc/>
    public void Commit(PartitionOffset offset) => Of(offset.Topic).Commit(offset);

    /// <inheritdoc/>
    public void RefuseCommits()
    {
        kafka.RefuseCommits();
        application.RefuseCommits();
    }

    /// <inheritdoc/>
    public long LastCommitted(string topic, int partition) => Of(topic).LastCommitted(topic, partition);

    IChunkControl Of(string topic) => inputs.Has(topic) ? application : kafka;
}
