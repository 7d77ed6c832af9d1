using AkkaJoin.Pipeline.Kafka.Deduplicating;
using Confluent.Kafka;

namespace AkkaJoin.Simulation.Broker;

/// <summary>The output topics as a node reads them.</summary>
sealed class TailLog(OutputLog log) : ITailLog
{
    public void Dispose()
    {
    }

    public IEnumerable<TopicPartition> Partitions(string topic) => log.Partitions.Where(p => p.Topic == topic);

    public (long Low, long High) Ends(TopicPartition partition) => (0, log.Ids(partition).Count);

    public long Read(IEnumerable<(TopicPartition Partition, long From, long To)> ranges, Action<byte[]> take, CancellationToken stopping)
    {
        var read = 0L;
        foreach (var (partition, from, to) in ranges)
        {
            for (var offset = from; offset < to; offset++, read++)
                take(log.Ids(partition)[(int)offset]);
        }

        return read;
    }
}
