using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Kafka.Native;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>
/// Looks for signs that a log is not the one it was: its end went back, its leader's epoch went back, or the topic is
/// not there. No sign is a proof, so each makes <see cref="SourceTopics"/> ask for the topics' ids. Used by the
/// consumer's thread.
/// </summary>
/// <param name="handle">The consumer's.</param>
/// <param name="sources">Told of a sign.</param>
sealed unsafe class LogSigns(nint handle, SourceTopics sources)
{
    /// <summary>The end of the log, reached at this offset.</summary>
    internal void LookAtEnd(ConsumedPartition partition, long offset)
    {
        if (offset < partition.Position)
            sources.Suspect();
    }

    /// <summary>The leader's epoch of a record: those of a log only grow.</summary>
    internal void LookAtEpoch(ConsumedPartition partition, NativeMessage* message)
    {
        var epoch = RdKafka.rd_kafka_message_leader_epoch(message);
        if (epoch < 0 || epoch == partition.LeaderEpoch)
            return;
        if (epoch < partition.LeaderEpoch)
            sources.Suspect();
        partition.LeaderEpoch = epoch;
    }

    /// <summary>An error in place of a record.</summary>
    internal void LookAtError(ErrorCode code)
    {
        if (code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic
            or ErrorCode.Local_UnknownPartition or ErrorCode.UnknownTopicId)
            sources.Suspect();
    }

    /// <summary>The end of the log as the last answer of the broker said; -1 = not known. No request.</summary>
    internal long LogEnd(ConsumedPartition partition)
    {
        long low, high;
        var error = RdKafka.rd_kafka_get_watermark_offsets(handle, partition.Topic, partition.Partition, &low, &high);
        if (error != 0 || high < 0)
            return -1;
        if (high < partition.LogEnd)
            sources.Suspect();
        return partition.LogEnd = high;
    }
}
