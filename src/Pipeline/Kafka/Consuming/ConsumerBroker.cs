using System.Diagnostics;
using Akka.Event;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Kafka.Native;
using AkkaJoin.Pipeline.Kafka.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Consuming;

/// <summary>Asks the brokers by a consumer's own connections.</summary>
sealed class ConsumerBroker(ConsumerSettings settings, IConsumer<Ignore, Ignore> consumer, nint handle, ILoggingAdapter log) : IGroupBroker
{
    const int RetryMs = 100;
    readonly TopicAdmin _admin = TopicAdmin.Create(consumer.Handle, settings.BootstrapServers, TimeSpan.FromMilliseconds(settings.MetadataRequestTimeoutMs));

    public void Dispose() => _admin.Dispose();

    public IReadOnlyDictionary<TopicPartition, long> Committed(IReadOnlyCollection<TopicPartition> partitions) =>
        Retry(() => consumer.Committed(partitions, TimeSpan.FromMilliseconds(settings.CommitTimeoutMs)))
            .ToDictionary(c => c.TopicPartition, c => c.Offset.Value);

    public IReadOnlyDictionary<TopicPartition, long> Starts(IReadOnlyCollection<TopicPartition> partitions) => Wait(_admin.StartOffsetsAsync(partitions));

    public IReadOnlyDictionary<TopicPartition, long> Ends(IReadOnlyCollection<TopicPartition> partitions, IsolationLevel isolation) =>
        Wait(_admin.EndOffsetsAsync(partitions, isolation));

    public IReadOnlyList<TopicInfo> Describe(IReadOnlyCollection<string> topics) => Wait(_admin.DescribeAsync(topics));

    public IOffsetCommit Commit(IReadOnlyCollection<PartitionOffset> offsets) => TimedCommit.Start(handle, offsets);

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
                log.Debug("committed offsets: {0}; trying on", e.Error.Reason);
                Thread.Sleep(RetryMs);
            }
            catch (KafkaException e)
            {
                throw new KafkaStopException($"the committed offsets of group '{settings.GroupId}' cannot be read: {e.Error.Reason}", e);
            }
        }
    }

    static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
