namespace AkkaJoin.Pipeline.Kafka;

/// <summary>
/// Steers and ends a <see cref="Consuming.KafkaSource"/>. Every method may be called from any thread, the listener's
/// callbacks included, and returns at once. A call that names a generation which is not the current one is ignored.
/// </summary>
interface IChunkControl
{
    /// <summary>Done when the consumer is closed, however that came about.</summary>
    Task IsShutdown { get; }

    /// <summary>
    /// Reads no more records and completes the stream. The consumer stays in its group, so that offsets can be
    /// committed.
    /// </summary>
    /// <returns>Done when the stream is completed.</returns>
    Task Stop();

    /// <summary>
    /// Commits what waits, closes the consumer and completes the stream. Chunks not yet emitted are dropped.
    /// </summary>
    /// <returns><see cref="IsShutdown"/>.</returns>
    Task Shutdown();

    /// <summary>
    /// Reads the partition from <paramref name="offset"/> on; an answer to <see cref="IAssignmentListener.Assigned"/>.
    /// </summary>
    void StartReading(string topic, int partition, int generation, long offset);

    /// <summary>
    /// Reads the partition again from <paramref name="offset"/> on. Chunks of the old generation are not emitted any
    /// more (one that is on its way down the stream may still come), and their bytes in flight are forgotten.
    /// </summary>
    /// <returns>
    /// The new generation of the partition, or -1 where <paramref name="generation"/> is not the current one.
    /// </returns>
    int Rewind(string topic, int partition, int generation, long offset);

    /// <summary>
    /// Says that so many bytes of the partition are no longer in flight: <see cref="RecordChunk.InFlightBytes"/> of its
    /// chunks, in portions of any size. A partition that was paused for them is read on.
    /// </summary>
    void ReduceInFlight(string topic, int partition, int generation, long bytes);

    /// <summary>
    /// Commits soon: calls within one commit interval become one request with the latest offset of each partition. A
    /// commit that fails is tried again with the next request, unless its partition went to another consumer.
    /// </summary>
    void Commit(PartitionOffset offset);

    /// <summary>
    /// Commits nothing from now on, neither at the end nor in a rebalance: the topics are not what they were.
    /// </summary>
    void RefuseCommits();

    /// <summary>
    /// The offset that the broker last acknowledged to this consumer for the partition's current assignment, or -1.
    /// </summary>
    long LastCommitted(string topic, int partition);
}
