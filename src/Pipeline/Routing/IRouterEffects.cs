using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Producing;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Routing;

/// <summary>What a <see cref="Router"/> wants done. Nothing here calls back into the router at once.</summary>
interface IRouterEffects
{
    /// <summary>Sends a message to its key group.</summary>
    void Send(IGroupMessage message);

    /// <summary>Sends ticks to every key group that runs, wherever it does.</summary>
    void SendToAll(NodeTicks ticks);

    /// <summary>Begins to read a partition.</summary>
    void Begin(string topic, int partition, int generation, long offset);

    /// <summary>Reads a partition again from an offset; returns the new generation, or -1 where the partition is gone.</summary>
    int Rewind(string topic, int partition, int generation, long offset);

    /// <summary>Gives credit back.</summary>
    void Release(string topic, int partition, int generation, long bytes);

    /// <summary>Commits an offset.</summary>
    void Commit(PartitionOffset offset);

    /// <summary>
    /// Writes dead letters; <see cref="Router.DeadLettersWritten"/> with the same partition and generation follows once the broker
    /// acknowledged all of them.
    /// </summary>
    void WriteDeadLetters(SourcePartition partition, int generation, IReadOnlyList<DeadLetter> letters);

    /// <summary>The journal is older than the committed offsets of a partition, which is read again from where the journal ends.</summary>
    void JournalIsBehind(string topic, int partition, long committed, long covered);

    /// <summary>
    /// All key groups have covered more of some partitions than is committed: after a crash, or since the offsets were moved back. They are
    /// read from where the journal ends.
    /// </summary>
    /// <param name="partitions">How many partitions.</param>
    /// <param name="offsets">How many offsets of all of them.</param>
    /// <param name="example">One of the partitions.</param>
    /// <param name="covered">Where the journal ends with it.</param>
    void JournalIsAhead(int partitions, long offsets, PartitionStart example, long covered);

    /// <summary>The join cannot go on.</summary>
    void Fail(Exception reason);
}
