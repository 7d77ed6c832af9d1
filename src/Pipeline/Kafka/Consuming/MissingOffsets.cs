using System.Globalization;
using Akka.Event;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Kafka.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>
/// Partitions whose log does not hold the offset to read next. That ends the join, since nothing is skipped.
/// <para>
/// It does not where the partition is another consumer's by now. A node that stood still for longer than its session
/// reads on where it stopped, until it hears that it has lost its partitions. Others may have read on meanwhile, and
/// retention may have deleted what they have read. So the broker is asked: it takes a commit only of a member of the
/// consumer group's present generation. Where it does not take it, it is asked again until the partition goes.
/// </para>
/// Used by the consumer's thread.
/// </summary>
sealed class MissingOffsets(
    ConsumerSettings settings,
    OffsetCommitter committer,
    Action<IReadOnlyList<TopicInfo>> check,
    ILoggingAdapter log,
    TimeProvider? time = null)
{
    const int AskEveryMs = 500;

    // A consumer hears within its session time-out that it has lost its partitions.
    const int PatienceMs = 60_000;

    readonly TimeProvider _time = time ?? TimeProvider.System;
    readonly List<(ConsumedPartition Partition, int Generation, long Since)> _missing = [];
    IGroupBroker? _broker;
    long? _askedAt;

    internal void Attach(IGroupBroker broker) => _broker = broker;

    /// <summary>The broker has answered that the log does not hold the offset to read next.</summary>
    internal void Add(ConsumedPartition partition)
    {
        if (!_missing.Exists(m => m.Partition == partition && m.Generation == partition.ReadGeneration))
            _missing.Add((partition, partition.ReadGeneration, _time.GetTimestamp()));
    }

    /// <summary>Throws for a partition that is still this consumer's. Asks the broker now and then.</summary>
    internal void ThrowIfOwn()
    {
        if (_missing.Count == 0)
            return;
        _missing.RemoveAll(m => !m.Partition.IsReading || m.Partition.ReadGeneration != m.Generation);
        if (_askedAt is { } at && _time.GetElapsedTime(at).TotalMilliseconds < AskEveryMs)
            return;
        _askedAt = _time.GetTimestamp();
        foreach (var (partition, _, since) in _missing)
        {
            var reason = Reason(partition);
            if (IsOwn(partition) || _time.GetElapsedTime(since).TotalMilliseconds >= PatienceMs)
                throw reason;
        }
    }

    /// <summary>Retention has deleted the offset to read next.</summary>
    internal KafkaStopException Deleted(TopicPartition partition, long offset, string logStart) => new(
        $"{partition.Topic}/{partition.Partition.Value}: the log no longer holds offset {offset}, " +
        $"at which consumer group '{settings.GroupId}' goes on; it starts at {logStart}. Records between them were " +
        "deleted before they were read, or the topic was made again. Nothing was skipped. " +
        "Restore the topic, or start over with a new group-id and an empty journal.");

    static KafkaStopException BeyondEnd(TopicPartition partition, long offset, long end) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{partition.Topic}/{partition.Partition.Value}: the log ends at offset {end}, but what lies below offset {offset} has been "
        + $"joined already: the brokers have lost the end of the log. ")
        + "What takes the place of the lost records would be taken for them, so nothing is read. "
        + "Start over with a new group-id and an empty journal.");

    static TopicPartition Key(ConsumedPartition partition) => new(partition.Topic, partition.Partition);

    // The offset of the commit is the committed one, so it moves nothing.
    bool IsOwn(ConsumedPartition partition)
    {
        var key = Key(partition);
        var committed = _broker!.Committed([key])[key];
        if (committed < 0)
            return true;
        var answer = committer.CommitNow([new PartitionOffset(partition.Topic, partition.Partition, partition.ReadGeneration, committed)]);
        if (answer != ErrorCode.NoError)
            log.Debug("whether {0} is still this consumer's is unknown: {1}", key, answer);
        return answer == ErrorCode.NoError;
    }

    KafkaStopException Reason(ConsumedPartition partition)
    {
        var key = Key(partition);
        var offset = Math.Max(partition.RequestedOffset, partition.Position);
        var start = "unknown";
        var end = long.MaxValue;
        try
        {
            check(_broker!.Describe([partition.Topic]));
            end = _broker.Ends([key], IsolationLevel.ReadUncommitted)[key];
            start = _broker.Starts([key])[key].ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is UserException and not TopicMadeAgainException or KafkaException)
        {
            log.Debug("the start of {0} is unknown: {1}", key, e.Message);
        }

        return offset > end ? BeyondEnd(key, offset, end) : Deleted(key, offset, start);
    }
}
