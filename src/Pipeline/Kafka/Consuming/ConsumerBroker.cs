using System.Diagnostics;
using Akka.Event;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Kafka.Native;
using AkkaJoin.Pipeline.Kafka.Settings;
using Confluent.Kafka;
using Error = Confluent.Kafka.Error;

namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>
/// Asks the brokers by a consumer's own connections, and with what it has learned of its topics: it knows the leader of
/// a partition that was added a moment ago. With a client of its own, such a partition was not read in time.
/// </summary>
sealed class ConsumerBroker(ConsumerSettings settings, NativeConsumer consumer, ILoggingAdapter log) : IGroupBroker
{
    const int RetryMs = 100;
    const int LeadersMs = 5_000;
    readonly BrokerRetry _retry = new(
        new ClientErrors(), settings.BootstrapServers, "client", TimeSpan.FromMilliseconds(settings.MetadataRequestTimeoutMs));

    public IReadOnlyDictionary<TopicPartition, long> Committed(IReadOnlyCollection<TopicPartition> partitions) =>
        Retry(() => consumer.Committed(partitions, settings.CommitTimeoutMs));

    public IReadOnlyDictionary<TopicPartition, long> Starts(IReadOnlyCollection<TopicPartition> partitions) =>
        ListOffsets(partitions, RdKafka.Earliest, IsolationLevel.ReadUncommitted);

    public IReadOnlyDictionary<TopicPartition, long> Ends(IReadOnlyCollection<TopicPartition> partitions, IsolationLevel isolation) =>
        ListOffsets(partitions, RdKafka.Latest, isolation);

    public IReadOnlyList<TopicInfo> Describe(IReadOnlyCollection<string> topics)
    {
        if (topics.Count == 0)
            return [];
        var found = Ask(leftMs => DescribeOnce(topics, leftMs));
        return [.. topics.Select(t => found.GetValueOrDefault(t) ?? new TopicInfo(t, 0, ""))];
    }

    public IOffsetCommit Commit(IReadOnlyCollection<PartitionOffset> offsets) => TimedCommit.Start(consumer.Handle, offsets);

    Dictionary<TopicPartition, long> ListOffsets(IReadOnlyCollection<TopicPartition> partitions, long spec, IsolationLevel isolation) =>
        partitions.Count == 0 ? [] : Ask(leftMs => ListOffsetsOnce(partitions, spec, isolation, leftMs));

    Dictionary<TopicPartition, long> ListOffsetsOnce(
        IReadOnlyCollection<TopicPartition> partitions, long spec, IsolationLevel isolation, int timeoutMs)
    {
        var answers = NativeAdmin.ListOffsets(consumer.Handle, partitions, spec, isolation, timeoutMs);
        var failed = answers.Find(a => a.Error.IsError)?.Error;
        if (failed is null)
            return answers.ToDictionary(a => a.TopicPartition, a => a.Offset.Value);
        if (BrokerRetry.IsOfOldLeader(failed))
        {
            foreach (var topic in partitions.Select(p => p.Topic).Distinct())
                NativeAdmin.LearnLeaders(consumer.Handle, consumer.Topic(topic), LeadersMs);
        }

        throw BrokerRetry.OffsetsFailed(failed);
    }

    Dictionary<string, TopicInfo> DescribeOnce(IReadOnlyCollection<string> topics, int timeoutMs)
    {
        var answers = NativeAdmin.DescribeTopics(consumer.Handle, topics, timeoutMs);
        var failed = answers.Find(a => a.Error.IsError && a.Error.Code != ErrorCode.UnknownTopicOrPart);
        if (failed is not null)
            throw new KafkaException(new Error(failed.Error.Code, $"{failed.Error.Reason} ({failed.Name})"));
        return answers.Where(a => !a.Error.IsError)
            .ToDictionary(a => a.Name, a => new TopicInfo(a.Name, a.Partitions, TopicInfo.ToText(a.Id)));
    }

    T Ask<T>(Func<int, T> ask) => _retry.AskAsync(left => Task.FromResult(ask((int)left.TotalMilliseconds))).GetAwaiter().GetResult();

    T Retry<T>(Func<T> ask)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return ask();
            }
            catch (KafkaException e) when (e is not TopicPartitionOffsetException &&
                Stopwatch.GetElapsedTime(since).TotalMilliseconds < settings.MetadataRequestTimeoutMs && !e.Error.IsFatal)
            {
                log.Debug("committed offsets: {0}; they are asked for again", e.Error.Reason);
                Thread.Sleep(RetryMs);
            }
            catch (KafkaException e)
            {
                throw new KafkaStopException($"the committed offsets of group '{settings.GroupId}' cannot be read: {e.Error.Reason}", e);
            }
        }
    }
}

/// <summary>
/// One commit request whose answer can be asked for without blocking, or waited for with a limit (Confluent's Commit
/// waits for as long as the broker is away). Used by the consumer's thread.
/// </summary>
sealed unsafe class TimedCommit : IOffsetCommit
{
    // A queue of its own per request: an answer that comes after its time-out belongs to nobody and dies with the
    // queue.
    nint _queue;

    TimedCommit(nint queue) => _queue = queue;

    internal static TimedCommit Start(nint consumer, IReadOnlyCollection<PartitionOffset> offsets)
    {
        var list = RdKafka.rd_kafka_topic_partition_list_new(offsets.Count);
        var queue = RdKafka.rd_kafka_queue_new(consumer);
        try
        {
            foreach (var o in offsets)
                RdKafka.rd_kafka_topic_partition_list_add(list, o.Topic, o.Partition)->Offset = o.Offset;
            var error = RdKafka.rd_kafka_commit_queue(consumer, list, queue, 0, 0);
            if (error != 0)
                throw new KafkaException((ErrorCode)error);
            var commit = new TimedCommit(queue);
            queue = 0;
            return commit;
        }
        finally
        {
            RdKafka.rd_kafka_topic_partition_list_destroy(list);
            if (queue != 0)
                RdKafka.rd_kafka_queue_destroy(queue);
        }
    }

    /// <inheritdoc/>
    public ErrorCode? Wait(int timeoutMs)
    {
        var answer = RdKafka.rd_kafka_queue_poll(_queue, timeoutMs);
        if (answer == 0)
            return null;
        var error = (ErrorCode)RdKafka.rd_kafka_event_error(answer);
        var list = RdKafka.rd_kafka_event_topic_partition_list(answer);
        for (var i = 0; list != null && i < list->Count && error == ErrorCode.NoError; i++)
            error = (ErrorCode)list->Elements[i].Error;
        RdKafka.rd_kafka_event_destroy(answer);
        return error;
    }

    public void Dispose()
    {
        if (_queue != 0)
            RdKafka.rd_kafka_queue_destroy(_queue);
        _queue = 0;
    }
}
