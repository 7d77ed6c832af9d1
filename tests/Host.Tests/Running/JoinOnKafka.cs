using System.Diagnostics;
using System.Globalization;
using System.Text;
using AkkaJoin.Host.Cli;
using AkkaJoin.Host.Demo;
using AkkaJoin.Host.Validation;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Tests.Kafka;
using AkkaJoin.Shards.Outputs;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>Topics of their own, a configuration file and a journal directory for one test on a real Kafka.</summary>
sealed class JoinOnKafka : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    readonly string _servers;
    readonly string _name = "t" + Guid.NewGuid().ToString("N")[..10];
    readonly string _journal;
    readonly string? _settings;

    JoinOnKafka(string servers, string? postgresql, string? settings)
    {
        _servers = servers;
        _settings = settings;
        _journal = postgresql is null
            ? $"sqlite.directory = \"{JournalDirectory}\""
            : $"journal = postgresql, postgresql {{ connection-string = \"{postgresql.Replace("\"", "\\\"", StringComparison.Ordinal)}\", connect-timeout = 20s }}, cluster.lease-timeout = 5s";
    }

    internal string Left => _name + "-left";

    internal string Right => _name + "-right";

    internal string Rows => _name + "-rows";

    internal string GroupId => _name;

    internal string Servers => _servers;

    /// <summary>For the test's files, gone after it.</summary>
    internal string FilesDirectory { get; } = Directory.CreateTempSubdirectory("akkajoin-test-").FullName;

    internal string ConfigFile => Path.Combine(FilesDirectory, "akkajoin.conf");

    internal string JournalDirectory => Path.Combine(FilesDirectory, "journal");

    /// <summary>Makes topics and configuration.</summary>
    /// <param name="servers">The brokers.</param>
    /// <param name="type">The join's type.</param>
    /// <param name="partitions">Of the left topic.</param>
    /// <param name="more">Further settings of the join.</param>
    /// <param name="postgresql">The connection string of the journal's database; null = SQLite in <see cref="JournalDirectory"/>.</param>
    /// <param name="settings">Goes to the end of the file, and may replace the journal.</param>
    internal static async Task<JoinOnKafka> CreateAsync(
        string servers, string type = "inner", int partitions = 4, string more = "", string? postgresql = null, string? settings = null)
    {
        var join = new JoinOnKafka(servers, postgresql, settings);
        await join.CreateTopicsAsync(partitions);
        join.Configure(type, more);
        return join;
    }

    /// <summary>Writes the configuration file; <paramref name="more"/> goes into the join.</summary>
    internal void Configure(string type, string more = "", string after = "10m", string? right = null) => File.WriteAllText(
        ConfigFile,
        $$"""
        akkajoin {
          kafka { bootstrap-servers = "{{_servers}}", session-timeout = 6s, connect-timeout = 10s }
          {{_journal}}
          flow { commit-interval = 500ms }
          cluster.admin-port = 0 # the earlier program knows this name
          joins.test {
            type = {{type}}, before = 0s, after = {{after}}
            group-id = {{_name}}
            left  { topic = "{{Left}}", key = [profile, title], time = ts, id = id }
            right { topic = "{{right ?? Right}}", key = [profile, title], time = ts, id = id }
            output { topic = "{{Rows}}", partitions = 3 }
            {{more}}
          }
        }
        {{_settings}}
        """);

    internal async Task CreateTopicsAsync(int partitions)
    {
        using var admin = Admin();
        await admin.CreateAndSeeAsync(Topic(Left, partitions), Topic(Right, Math.Max(1, partitions / 2)));
    }

    internal async Task DeleteTopicAsync(string topic)
    {
        using var admin = Admin();
        await admin.DeleteTopicsAsync([topic]);
    }

    internal async Task CreateTopicAsync(string topic, int partitions)
    {
        using var admin = Admin();
        await PollAsync(async () =>
        {
            try
            {
                await admin.CreateAndSeeAsync(Topic(topic, partitions));
                return true;
            }
            catch (CreateTopicsException)
            {
                return false; // the old one is still being deleted
            }
        });
    }

    /// <summary>Sets the committed offset of a partition back to its start; no node runs.</summary>
    internal async Task ResetOffsetsAsync(string topic, int partition)
    {
        using var admin = Admin();
        await admin.AlterConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitionOffsets(GroupId, [new TopicPartitionOffset(topic, partition, 0)])]);
    }

    internal async Task AddPartitionsAsync(string topic, int partitions)
    {
        using var admin = Admin();
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = partitions }]);
    }

    /// <summary>Produces a part of a workload.</summary>
    internal void Feed(IEnumerable<WorkloadRecord> records)
    {
        using var producer = Producer();
        foreach (var record in records)
            Produce(producer, record);
        producer.Flush(Patience);
    }

    /// <summary>Produces so many records a second until it is stopped.</summary>
    internal async Task FeedSteadilyAsync(IEnumerable<WorkloadRecord> records, int perSecond, CancellationToken stop)
    {
        const int partsPerSecond = 20;
        using var producer = Producer();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / partsPerSecond));
        foreach (var part in records.Chunk(perSecond / partsPerSecond))
        {
            foreach (var record in part)
                Produce(producer, record);
            if (stop.IsCancellationRequested)
                break;
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        producer.Flush(Patience);
    }

    /// <summary>Produces one record to one partition.</summary>
    internal void Produce(string topic, int partition, string value)
    {
        using var producer = Producer();
        producer.Produce(new TopicPartition(topic, partition), new Message<byte[]?, byte[]> { Value = Encoding.UTF8.GetBytes(value) });
        producer.Flush(Patience);
    }

    /// <summary>Writes a record in a transaction, which the caller ends.</summary>
    internal IProducer<byte[]?, byte[]> BeginTransaction(string topic, int partition, string value)
    {
        var producer = new ProducerBuilder<byte[]?, byte[]>(new ProducerConfig { BootstrapServers = _servers, TransactionalId = _name })
            .SetKeySerializer(Serializers.ByteArray!).SetLogHandler((_, _) => { }).Build();
        producer.InitTransactions(Patience);
        producer.BeginTransaction();
        producer.Produce(new TopicPartition(topic, partition), new Message<byte[]?, byte[]> { Value = Encoding.UTF8.GetBytes(value) });
        producer.Flush(Patience);
        return producer;
    }

    /// <summary>Produces many records to one partition.</summary>
    internal void Produce(string topic, int partition, IEnumerable<string> values)
    {
        using var producer = Producer();
        foreach (var value in values)
        {
            while (!TryProduce(producer, new TopicPartition(topic, partition), value))
                producer.Poll(TimeSpan.FromMilliseconds(10));
        }

        producer.Flush(Patience);
    }

    /// <summary>How many records lie in the topic of the rows.</summary>
    internal long RowCount()
    {
        using var consumer = Consumer();
        return Enumerable.Range(0, 3).Sum(p => End(consumer, p));
    }

    /// <summary>All rows.</summary>
    internal List<(string Kind, string Value, string Id)> ReadRows()
    {
        using var consumer = Consumer();
        var rows = new List<(string, string, string)>();
        for (var partition = 0; partition < 3; partition++)
        {
            var end = End(consumer, partition);
            consumer.Assign(new TopicPartitionOffset(Rows, partition, Offset.Beginning));
            for (var i = 0L; i < end; i++)
            {
                var message = consumer.Consume(Patience).Message;
                rows.Add((Header(message, OutputHeaders.Row), Encoding.UTF8.GetString(message.Value), Header(message, OutputHeaders.Id)));
            }
        }

        return rows;
    }

    /// <summary>Every record of the topics of rows and late records, however often it is there: its id, who wrote it, and its value.</summary>
    internal List<(string Id, string? Writer, string Value)> ReadOutputs()
    {
        using var consumer = Consumer();
        var outputs = new List<(string, string?, string)>();
        foreach (var partition in new[] { Rows, Rows + ".late" }.SelectMany(t => Enumerable.Range(0, 3).Select(p => new TopicPartition(t, p))))
        {
            var end = consumer.QueryWatermarkOffsets(partition, Patience).High.Value;
            consumer.Assign(new TopicPartitionOffset(partition, Offset.Beginning));
            for (var i = 0L; i < end; i++)
            {
                var message = consumer.Consume(Patience).Message;
                var writer = message.Headers.TryGetLastBytes(OutputHeaders.Writer, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;
                outputs.Add((Encoding.UTF8.GetString(message.Headers.GetLastBytes(OutputHeaders.Id)), writer, Encoding.UTF8.GetString(message.Value)));
            }
        }

        return outputs;
    }

    /// <summary>The ends of a topic's partitions.</summary>
    internal IReadOnlyList<long> Ends(string topic, int partitions)
    {
        using var consumer = Consumer();
        return [.. Enumerable.Range(0, partitions).Select(p => consumer.QueryWatermarkOffsets(new TopicPartition(topic, p), Patience).High.Value)];
    }

    /// <summary>The committed offsets of the join's consumer group.</summary>
    internal async Task<IReadOnlyDictionary<int, long>> CommittedAsync(string topic, int partitions)
    {
        using var admin = TopicAdmin.Create(new KafkaSettings { BootstrapServers = _servers });
        var committed = await admin.CommittedAsync(GroupId, [.. Enumerable.Range(0, partitions).Select(p => new TopicPartition(topic, p))]);
        return committed.ToDictionary(c => c.Key.Partition.Value, c => c.Value);
    }

    /// <summary>Waits until so many rows lie there.</summary>
    internal Task RowsAsync(long count) => PollAsync(() => Task.FromResult(RowCount() >= count));

    internal Task<ValidationResult> ValidateAsync()
    {
        var settings = ConfigLoader.Load(ConfigFile).Settings;
        return Validator.RunAsync(new ValidationRequest(settings.Kafka, settings.Joins[0]) { EndWatermarks = new EndWatermarks(TimeLimits.Max, TimeLimits.Max) });
    }

    public void Dispose() => Directory.Delete(FilesDirectory, recursive: true);

    /// <summary>Asks again and again, at most a minute.</summary>
    internal static async Task PollAsync(Func<Task<bool>> condition)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(since) > Patience)
                throw new TimeoutException("what was waited for did not come");
            await Task.Yield();
            await Task.Delay(20, CancellationToken.None);
        }
    }

    static bool TryProduce(IProducer<byte[]?, byte[]> producer, TopicPartition partition, string value)
    {
        try
        {
            producer.Produce(partition, new Message<byte[]?, byte[]> { Value = Encoding.UTF8.GetBytes(value) });
            return true;
        }
        catch (ProduceException<byte[]?, byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }

    static TopicSpecification Topic(string name, int partitions) => new() { Name = name, NumPartitions = partitions, ReplicationFactor = 1 };

    static string Header(Message<Ignore, byte[]> message, string name) => Encoding.UTF8.GetString(message.Headers.GetLastBytes(name));

    void Produce(IProducer<byte[]?, byte[]> producer, WorkloadRecord record) =>
        producer.Produce(record.IsImpression ? Left : Right, new Message<byte[]?, byte[]>
        {
            Key = record.Key,
            Value = record.Value,
            Timestamp = new Timestamp(record.TimestampMs, TimestampType.CreateTime),
        });

    long End(IConsumer<Ignore, byte[]> consumer, int partition)
    {
        try
        {
            return consumer.QueryWatermarkOffsets(new TopicPartition(Rows, partition), Patience).High.Value;
        }
        catch (KafkaException)
        {
            return 0; // the engine has not created the topic yet
        }
    }

    IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = _servers }).SetLogHandler((_, _) => { }).Build();

    IProducer<byte[]?, byte[]> Producer() => new ProducerBuilder<byte[]?, byte[]>(new ProducerConfig
    {
        BootstrapServers = _servers,
        LingerMs = 5,
        EnableIdempotence = true,
        Partitioner = Partitioner.Murmur2Random,
    }).SetKeySerializer(Serializers.ByteArray!).SetLogHandler((_, _) => { }).Build();

    IConsumer<Ignore, byte[]> Consumer() => new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
    {
        BootstrapServers = _servers,
        GroupId = string.Create(CultureInfo.InvariantCulture, $"{_name}-reader"),
        FetchWaitMaxMs = 10,
    }).SetLogHandler((_, _) => { }).Build();
}
