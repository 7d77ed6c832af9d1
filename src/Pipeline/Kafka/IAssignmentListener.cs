namespace AkkaJoin.Pipeline.Kafka;

/// <summary>
/// Hears of rebalances. Every method runs on the consumer's own thread, inside the rebalance callback: the group waits for its return.
/// An exception stops the source.
/// </summary>
interface IAssignmentListener
{
    /// <summary>The partitions are this consumer's. They are paused until <see cref="IChunkControl.Begin"/>.</summary>
    void Assigned(IReadOnlyList<PartitionStart> starts);

    /// <summary>
    /// The partitions go to another consumer when this returns; no chunk of theirs is emitted any more. The listener may wait a bounded
    /// time for what is in flight, and hands the offsets reached to <paramref name="commit"/>, which commits them before it returns. Also
    /// called with all partitions when the consumer closes.
    /// </summary>
    void Revoked(IReadOnlyList<TopicPartitionGeneration> partitions, Action<IReadOnlyList<PartitionOffset>> commit);

    /// <summary>The partitions went to another consumer already: nothing can be committed.</summary>
    void Lost(IReadOnlyList<TopicPartitionGeneration> partitions);
}
