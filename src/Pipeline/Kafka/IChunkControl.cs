namespace AkkaJoin.Pipeline.Kafka;

/// <summary>
/// Steers a <see cref="Consuming.KafkaSource"/>. Every method may be called from any thread, the listener's callbacks included, and returns
/// at once; what names a generation that is no longer current is ignored.
/// </summary>
interface IChunkControl : IControl
{
    /// <summary>Reads the partition from <paramref name="offset"/> on; an answer to <see cref="IAssignmentListener.Assigned"/>.</summary>
    void Begin(string topic, int partition, int generation, long offset);

    /// <summary>
    /// Reads the partition again from <paramref name="offset"/> on. Chunks of the old generation are not emitted any more (one that is on its
    /// way down the stream may still come), and their credit is forgotten.
    /// </summary>
    /// <returns>The new generation of the partition, or -1 where <paramref name="generation"/> is not the current one.</returns>
    int Rewind(string topic, int partition, int generation, long offset);

    /// <summary>Gives the credit of a chunk back: <see cref="RecordChunk.Credit"/>, in whatever portions.</summary>
    void Release(string topic, int partition, int generation, long bytes);

    /// <summary>
    /// Commits soon: calls within one commit interval become one request with the latest offset of each partition. A commit that the
    /// broker refuses for a rebalance is dropped; one that failed otherwise is tried again with the next.
    /// </summary>
    void Commit(IReadOnlyList<PartitionOffset> offsets);

    /// <summary>Commits nothing from now on, at the end and in a rebalance neither: the topics are not what they were.</summary>
    void RefuseCommits();

    /// <summary>The offset that the broker last acknowledged to this consumer for the partition's current assignment, or -1.</summary>
    long LastCommitted(string topic, int partition);
}
