using AkkaJoin.Pipeline;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace AkkaJoin.Bench.Load;

/// <summary>The two topics of a load. Their names are the benchmark's own, so that a broker in use is not disturbed.</summary>
sealed class LoadTopics : IAsyncDisposable
{
    internal const int Partitions = 8;
    readonly IAdminClient _admin;
    readonly List<string> _created = [];

    LoadTopics(string servers, string name)
    {
        Servers = servers;
        Impressions = name + "-impressions";
        Plays = name + "-plays";
        _admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).SetLogHandler((_, _) => { }).Build();
    }

    internal string Servers { get; }

    internal string Impressions { get; }

    internal string Plays { get; }

    /// <summary>Makes the topics, empty.</summary>
    internal static async Task<LoadTopics> CreateAsync(string servers, string name)
    {
        var topics = new LoadTopics(servers, name);
        await topics.EnsureAsync(topics.Impressions, topics.Plays);
        return topics;
    }

    /// <summary>Makes topics that go with these; all are deleted at the end.</summary>
    internal Task EnsureAsync(params string[] names) => CreateAsync([], names);

    /// <summary>Makes topics whose records carry the time at which the broker appended them.</summary>
    internal Task EnsureStampedAsync(params string[] names) => CreateAsync(new() { ["message.timestamp.type"] = "LogAppendTime" }, names);

    /// <summary>Produces a load, every record acknowledged.</summary>
    internal void Fill(LoadGenerator load)
    {
        using var producer = new LoadProducer(this);
        foreach (var record in load.Records())
            producer.Produce(record);
        producer.Flush();
    }

    /// <summary>Deletes topics before the end: many runs would fill the broker's disk.</summary>
    internal async Task DropAsync(params string[] names)
    {
        await _admin.DeleteTopicsAsync(names);
        _created.RemoveAll(names.Contains);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _admin.DeleteTopicsAsync(_created);
        }
        catch (KafkaException e)
        {
            await Console.Error.WriteLineAsync($"bench: topics of the benchmark are left at {Servers}: {e.Message}");
        }

        _admin.Dispose();
    }

    async Task CreateAsync(Dictionary<string, string> configs, string[] names)
    {
        try
        {
            await _admin.CreateTopicsAsync(
                names.Select(n => new TopicSpecification { Name = n, NumPartitions = Partitions, ReplicationFactor = -1, Configs = configs }));
        }
        catch (KafkaException e)
        {
            throw new UserException($"the broker at {Servers} makes no topics: {e.Error.Reason}", 1);
        }

        _created.AddRange(names);
    }
}
