using System.Diagnostics;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using static AkkaJoin.Pipeline.Embedded.RdKafkaMock;
using static AkkaJoin.Pipeline.Kafka.Native.RdKafka;

namespace AkkaJoin.Pipeline.Embedded;

/// <summary>
/// A Kafka broker inside this process: librdkafka's mock cluster, which speaks the real protocol over TCP. A tool for
/// demos and tests, never for data that matters.
/// <code>
/// using var kafka = new EmbeddedKafka();
/// kafka.CreateTopic("plays", partitions: 4);
/// var config = new ProducerConfig { BootstrapServers = kafka.BootstrapServers };
/// </code>
/// Loopback and memory only: its data dies with it. It keeps 5 MiB of stored batches a partition and drops the oldest
/// silently; transactions are for show. A rebalance of a classic group takes the session time-out less a second, so
/// give consumers a short one. Three admin calls abort the calling process: ListConsumerGroups, DeleteGroups,
/// DeleteConsumerGroupOffsets. It makes no topic on request, so make all that a join reads and writes:
/// <c>output.topic</c>, and that with <c>.late</c> and <c>.dead</c>. Its members may be called from any thread.
/// </summary>
public sealed unsafe class EmbeddedKafka : IDisposable
{
    /// <summary>The bytes of stored batches that a partition keeps.</summary>
    public const int PartitionBytesMax = 5 * 1024 * 1024;

    const int ErrorSize = 512;

    // Calls closer together can lose a wake-up in the broker's thread and stall for a second.
    const int PaceMs = 2;

    readonly Lock _gate = new();
    long _lastCall;

    // Guarded by _gate; 0 once disposed. The cluster must go before the handle that carries it, or librdkafka aborts.
    nint _handle;
    nint _cluster;

    /// <summary>Starts it; under a millisecond.</summary>
    /// <param name="brokers">How many brokers, from 1; all share one thread.</param>
    /// <exception cref="InvalidOperationException">librdkafka makes no cluster of so many.</exception>
    public EmbeddedKafka(int brokers = 1)
    {
        _handle = NewHandle();
        _cluster = rd_kafka_mock_cluster_new(_handle, brokers);
        if (_cluster == 0)
        {
            rd_kafka_destroy(_handle);
            throw new InvalidOperationException("librdkafka made no mock cluster");
        }

        BootstrapServers = Marshal.PtrToStringUTF8(rd_kafka_mock_cluster_bootstraps(_cluster))!;
        rd_kafka_mock_set_controller_id(_cluster, 1); // else DescribeTopics and DescribeCluster time out
        rd_kafka_mock_group_initial_rebalance_delay_ms(_cluster, 0); // the first join takes 0.1 s instead of 3 s
    }

    /// <summary>host:port of the brokers, on loopback, with ports of their own choice.</summary>
    public string BootstrapServers { get; }

    /// <summary>Makes a topic.</summary>
    /// <param name="topic">Its name.</param>
    /// <param name="partitions">How many partitions, from 1.</param>
    /// <param name="replication">How many brokers have each, from 1 to their number.</param>
    /// <exception cref="KafkaException">It exists, or the numbers are out of range.</exception>
    public void CreateTopic(string topic, int partitions, int replication = 1) =>
        Check(Call(c => rd_kafka_mock_topic_create(c, topic, partitions, replication)));

    /// <summary>Deletes a topic. Consumers are told nothing.</summary>
    /// <exception cref="KafkaException">There is no such topic.</exception>
    public void DeleteTopic(string topic) => Check(Call(c => rd_kafka_mock_topic_delete(c, topic)));

    /// <summary>
    /// Deletes the records below <paramref name="beforeOffset"/>, which becomes the partition's first offset.
    /// </summary>
    /// <exception cref="KafkaException">There is no such partition or offset.</exception>
    public void Trim(string topic, int partition, long beforeOffset) =>
        Check(Call(c => rd_kafka_mock_partition_delete_records(c, topic, partition, beforeOffset)));

    /// <summary>
    /// Moves a partition. A leaderless one would crash the process, so <paramref name="broker"/> counts from 1.
    /// </summary>
    public void SetLeader(string topic, int partition, int broker)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(broker, 1);
        Check(Call(c => rd_kafka_mock_partition_set_leader(c, topic, partition, broker)));
    }

    /// <summary>Closes the connections of a broker (-1 = all) and takes no new ones; the data stays.</summary>
    public void BrokerDown(int broker) => Check(Call(c => rd_kafka_mock_broker_set_down(c, broker)));

    /// <summary>Ends <see cref="BrokerDown"/>.</summary>
    public void BrokerUp(int broker) => Check(Call(c => rd_kafka_mock_broker_set_up(c, broker)));

    /// <summary>Delays every answer of a broker (-1 = all), ms.</summary>
    public void SetRoundTrip(int broker, int ms) => Check(Call(c => rd_kafka_mock_broker_set_rtt(c, broker, ms)));

    /// <summary>
    /// The next requests of a kind fail, one for each error. <see cref="ErrorCode.Local_Transport"/> drops the
    /// connection.
    /// </summary>
    /// <param name="apiKey">
    /// 0 Produce, 1 Fetch, 2 ListOffsets, 8 OffsetCommit, 9 OffsetFetch, 10 FindCoordinator, 22 InitProducerId.
    /// </param>
    public void FailNext(short apiKey, params ErrorCode[] errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        Call(c =>
        {
            fixed (ErrorCode* first = errors)
                rd_kafka_mock_push_request_errors_array(c, apiKey, (nuint)errors.Length, (int*)first);
            return 0;
        });
    }

    /// <summary>Forgets what <see cref="FailNext"/> still holds.</summary>
    public void ClearFailures(short apiKey) => Call(c =>
    {
        rd_kafka_mock_clear_request_errors(c, apiKey);
        return 0;
    });

    /// <summary>Stops it; the data is gone.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_cluster == 0)
                return;
            Pace();
            rd_kafka_mock_cluster_destroy(_cluster);
            rd_kafka_destroy(_handle);
            _cluster = 0;
            _handle = 0;
        }
    }

    static nint NewHandle()
    {
        var error = stackalloc byte[ErrorSize];
        var conf = rd_kafka_conf_new();
        rd_kafka_conf_set(conf, "client.id", "embedded-kafka", error, ErrorSize);
        rd_kafka_conf_set(conf, "log_level", "3", error, ErrorSize); // it would complain that it has no brokers to connect to
        var handle = rd_kafka_new(Producer, conf, error, ErrorSize); // it only carries the cluster
        return handle != 0 ? handle : throw new InvalidOperationException(Marshal.PtrToStringUTF8((nint)error));
    }

    static void Check(int error)
    {
        if (error != 0)
            throw new KafkaException((ErrorCode)error);
    }

    int Call(Func<nint, int> call)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_cluster == 0, this);
            Pace();
            var result = call(_cluster);
            _lastCall = Stopwatch.GetTimestamp();
            return result;
        }
    }

    void Pace()
    {
        while (_lastCall != 0 && Stopwatch.GetElapsedTime(_lastCall).TotalMilliseconds < PaceMs)
            Thread.Sleep(1);
    }
}
