using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>What a <see cref="Router"/> wants done. Nothing here calls back into the router at once.</summary>
interface IRouterEffects : IEngineEffects
{
    /// <inheritdoc cref="IRouterEnvironment.ClockMs"/>
    long ClockMs { get; }

    /// <summary>Sends a message to its key group.</summary>
    void Send(IKeyGroupMessage message);

    /// <summary>Sends ticks to every key group that runs, wherever it does.</summary>
    void SendToAll(NodeTicks ticks);

    /// <summary>Starts to read a partition.</summary>
    void StartReading(string topic, int partition, int generation, long offset);

    /// <summary>
    /// Reads a partition again from an offset; returns the new generation, or -1 where the partition is gone.
    /// </summary>
    int Rewind(string topic, int partition, int generation, long offset);

    /// <summary>These bytes of the partition are acknowledged: they are in flight no more.</summary>
    void ReduceInFlight(string topic, int partition, int generation, long bytes);

    /// <summary>Commits an offset.</summary>
    void Commit(PartitionOffset offset);

    /// <summary>The join cannot go on. The step goes on to its end, and tells nobody anything.</summary>
    void Fail(Exception reason);

    /// <summary>Whether the join cannot go on.</summary>
    bool HasFailed { get; }
}

/// <summary>What the engine of the join does for a <see cref="Router"/>, and its stage cannot.</summary>
interface IEngineEffects
{
    /// <summary>
    /// Writes dead letters; <see cref="Router.DeadLettersWritten"/> with the same partition and generation follows once
    /// the broker acknowledged all of them.
    /// </summary>
    void WriteDeadLetters(SourcePartition partition, int generation, IReadOnlyList<DeadLetter> letters);

    /// <summary>
    /// Asks the brokers where the logs of partitions end, open transactions included;
    /// <see cref="Router.LogEndsAnswered"/> follows in any case.
    /// </summary>
    void AskLogEnds(IReadOnlyList<TopicPartitionGeneration> partitions, long clockMs);

    /// <summary>
    /// The journal is older than the committed offset of a partition, which is read again from where the journal ends.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="partition">The partition's number.</param>
    /// <param name="committed">The committed offset.</param>
    /// <param name="applied">
    /// Below it every key group has applied everything; below 0 where one does not know the partition.
    /// </param>
    void JournalIsBehind(string topic, int partition, long committed, long applied);

    /// <summary>
    /// All key groups have applied more of some partitions than is committed: after a crash, or since the offsets were
    /// moved back. They are read from where the journal ends.
    /// </summary>
    /// <param name="partitions">How many partitions.</param>
    /// <param name="offsets">How many offsets of all of them.</param>
    /// <param name="example">One of the partitions.</param>
    /// <param name="applied">Where the journal ends with it.</param>
    void JournalIsAhead(int partitions, long offsets, PartitionStart example, long applied);
}
