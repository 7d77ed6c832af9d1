using System.Diagnostics;
using System.Globalization;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace AkkaJoin.Pipeline.Kafka.Admin;

/// <summary>
/// What is asked of the brokers beside reading and writing. Thread safe. A broker that does not answer within the
/// connect time-out is a <see cref="UserException"/> with exit code 1.
/// </summary>
sealed class TopicAdmin : IDisposable
{
    const string ClientBlock = "client";
    static readonly string[] SecurityPrefixes = ["security.", "sasl.", "ssl."];

    // A commit returns before its markers are in all partitions. What is open for longer than this is an open
    // transaction.
    static readonly TimeSpan MarkersMax = TimeSpan.FromSeconds(2);

    static readonly TimeSpan KnownInterval = TimeSpan.FromMilliseconds(50);

    readonly IAdminClient _admin;
    readonly ClientErrors _errors;
    readonly string _servers;
    readonly TimeSpan _timeout;
    readonly BrokerRetry _retry;

    // What the client is made with.
    readonly Dictionary<string, string> _properties;

    TopicAdmin(
        IAdminClient admin, ClientErrors errors, string servers, TimeSpan timeout, Dictionary<string, string> properties, string block)
    {
        _admin = admin;
        _errors = errors;
        _servers = servers;
        _timeout = timeout;
        _retry = new BrokerRetry(errors, servers, block, timeout);
        _properties = properties;
    }

    internal static TopicAdmin Create(KafkaSettings settings) => Create(settings, ClientBlock);

    /// <summary>
    /// Whether the brokers take consumers and producers too, where these have security settings of their own. They
    /// would go on trying, and say so in the log alone.
    /// </summary>
    /// <exception cref="UserException">They do not.</exception>
    internal static async Task CheckAccessAsync(KafkaSettings settings)
    {
        foreach (var (block, properties) in new[] { ("consumer", settings.Consumer), ("producer", settings.Producer) })
        {
            var own = properties.Where(p => SecurityPrefixes.Any(prefix => p.Key.StartsWith(prefix, StringComparison.Ordinal)))
                .ToDictionary();
            if (own.Count == 0)
                continue;
            using var admin = Create(settings with { Client = ConsumerSettings.Merge(settings.Client, own) }, block);
            await admin.ConnectAsync();
        }
    }

    static TopicAdmin Create(KafkaSettings settings, string block)
    {
        var properties = new Dictionary<string, string>(settings.Client) { ["bootstrap.servers"] = settings.BootstrapServers };
        properties.TryAdd("client.id", "akkajoin-admin");
        var errors = new ClientErrors();
        var builder = new AdminClientBuilder(properties)
            .SetLogHandler(static (_, _) => { })
            .SetErrorHandler((_, error) => errors.Tell(error));
        var admin = ClientConfiguration.Build(builder.Build, "client");
        return new TopicAdmin(
            admin, errors, settings.BootstrapServers, TimeSpan.FromMilliseconds(settings.ConnectTimeoutMs), properties, block);
    }

    public void Dispose() => _admin.Dispose();

    /// <summary>Whether any broker answers.</summary>
    /// <exception cref="UserException">None did within the connect time-out.</exception>
    internal Task ConnectAsync() => _retry.AskAsync(
        left => Task.Run(() => _admin.GetMetadata(left < BrokerRetry.RefusedMax ? left : BrokerRetry.RefusedMax)));

    /// <summary>Describes the topics in the order asked for; one that does not exist has no partitions.</summary>
    internal async Task<IReadOnlyList<TopicInfo>> DescribeAsync(IReadOnlyCollection<string> topics)
    {
        if (topics.Count == 0)
            return [];
        var found = await _retry.AskAsync(left => DescribeOnceAsync(topics, left));
        return [.. topics.Select(t => found.TryGetValue(t, out var info) ? info : new TopicInfo(t, 0, ""))];
    }

    /// <summary>Describes the topics, all of which must exist.</summary>
    /// <exception cref="UserException">One does not.</exception>
    internal async Task<IReadOnlyList<TopicInfo>> DescribeSourcesAsync(IReadOnlyCollection<string> topics)
    {
        var infos = await DescribeAsync(topics);
        var missing = infos.Where(i => !i.Exists).Select(i => "'" + i.Name + "'").ToArray();
        return missing.Length == 0
            ? infos
            : throw new UserException(
                $"there is no topic {string.Join(" and no topic ", missing)} at {_servers}: create it, or correct the name", 1);
    }

    /// <summary>The number of a topic's partitions; 0 = it does not exist. Never creates it.</summary>
    internal async Task<int> PartitionCountAsync(string topic) => (await DescribeAsync([topic]))[0].Partitions;

    /// <summary>Makes the topics that are missing.</summary>
    /// <returns>Those that were made.</returns>
    /// <exception cref="UserException">One cannot be made, or is missing and <c>output.create</c> is off.</exception>
    internal async Task<IReadOnlyList<string>> EnsureOutputsAsync(OutputSettings output)
    {
        var missing = await MissingOutputsAsync(output);
        if (missing.Length == 0)
            return missing;
        await CreateAsync(missing, output);
        await UntilKnownAsync(missing, DescribeAsync, _timeout, _servers);
        return missing;
    }

    /// <summary>
    /// Waits until a broker knows topics that were made. The controller answers before each broker knows the topic; one
    /// that does not would say that there is none.
    /// </summary>
    /// <param name="topics">The topics.</param>
    /// <param name="describe">Asks a broker for them.</param>
    /// <param name="timeout">How long to wait at most.</param>
    /// <param name="servers">The brokers, for the message.</param>
    /// <exception cref="UserException">They do not learn of them in that time.</exception>
    internal static async Task UntilKnownAsync(
        IReadOnlyCollection<string> topics,
        Func<IReadOnlyCollection<string>, Task<IReadOnlyList<TopicInfo>>> describe,
        TimeSpan timeout,
        string servers)
    {
        for (var since = Stopwatch.GetTimestamp(); (await describe(topics)).Any(i => !i.Exists); await Task.Delay(KnownInterval))
        {
            if (Stopwatch.GetElapsedTime(since) > timeout)
            {
                throw new UserException(
                    $"the brokers at {servers} made the output topics {string.Join(", ", topics)}, and do not know them: see whether "
                    + "all of them follow the controller",
                    1);
            }
        }
    }

    /// <summary>The output topics that have to be made.</summary>
    /// <exception cref="UserException">There are some, and <c>output.create</c> is off.</exception>
    internal async Task<string[]> MissingOutputsAsync(OutputSettings output)
    {
        string[] wanted = [.. output.Topics.Distinct()];
        string[] missing = [.. (await DescribeAsync(wanted)).Where(i => !i.Exists).Select(i => i.Name)];
        return missing.Length == 0 || output.Create
            ? missing
            : throw new UserException(
                $"the output topics {string.Join(", ", missing)} do not exist and output.create is off: create them", 1);
    }

    /// <summary>What the brokers let this user do.</summary>
    internal Task<AccessRights> RightsAsync(IReadOnlyCollection<string> topics, string group) =>
        AccessRights.AskAsync(_admin, topics, group, Short());

    /// <summary>Whether a topic holds a record whose timestamp lies below a time, ms since the epoch.</summary>
    internal async Task<bool> HoldsOlderAsync(string topic, long timeMs)
    {
        var partitions = await PartitionsAsync([topic]);
        var first = await StartOffsetsAsync(partitions);
        var later = await ListOffsetsAsync(partitions, OffsetSpec.ForTimestamp(timeMs), IsolationLevel.ReadUncommitted);
        var ends = await EndOffsetsAsync(partitions, IsolationLevel.ReadUncommitted);
        return partitions.Any(p => (later[p] < 0 ? ends[p] : later[p]) > first[p]);
    }

    /// <summary>
    /// The first offset of each partition whose record has a timestamp from a time on, ms since the epoch; negative
    /// where there is none.
    /// </summary>
    internal Task<Dictionary<TopicPartition, long>> OffsetsAtAsync(IReadOnlyCollection<TopicPartition> partitions, long timeMs) =>
        ListOffsetsAsync(partitions, OffsetSpec.ForTimestamp(timeMs), IsolationLevel.ReadUncommitted);

    /// <summary>
    /// The offset after the last record of each partition that read_committed shows, or after the last of all.
    /// </summary>
    internal Task<Dictionary<TopicPartition, long>> EndOffsetsAsync(
        IReadOnlyCollection<TopicPartition> partitions, IsolationLevel isolation = IsolationLevel.ReadCommitted) =>
        ListOffsetsAsync(partitions, OffsetSpec.Latest(), isolation);

    /// <summary>
    /// The high watermark of each partition whose leader answers, asked once. The leaders of the others are learnt
    /// anew.
    /// </summary>
    /// <exception cref="KafkaException">No broker answered.</exception>
    internal async Task<Dictionary<TopicPartition, long>> HighWatermarksAsync(
        IReadOnlyCollection<TopicPartition> partitions, TimeSpan timeout)
    {
        var specs = partitions.Select(p => new TopicPartitionOffsetSpec { TopicPartition = p, OffsetSpec = OffsetSpec.Latest() }).ToList();
        var options = new ListOffsetsOptions { RequestTimeout = timeout, IsolationLevel = IsolationLevel.ReadUncommitted };
        List<TopicPartitionOffsetError> answers;
        try
        {
            answers = (await _admin.ListOffsetsAsync(specs, options)).ResultInfos.ConvertAll(r => r.TopicPartitionOffsetError);
        }
        catch (ListOffsetsException e)
        {
            answers = e.Result.ResultInfos.ConvertAll(r => r.TopicPartitionOffsetError);
            if (answers.Exists(a => BrokerRetry.IsOfOldLeader(a.Error)))
                await Task.Run(() => LearnLeaders(specs));
        }

        return answers.Where(a => !a.Error.IsError).ToDictionary(a => a.TopicPartition, a => a.Offset.Value);
    }

    /// <summary>The end offsets of every partition of the topics: where a bounded run ends.</summary>
    internal async Task<Dictionary<TopicPartition, long>> EndOffsetsOfTopicsAsync(IReadOnlyCollection<string> topics)
    {
        return await EndOffsetsAsync(await PartitionsAsync(topics));
    }

    /// <summary>Where a bounded run of the topics ends, and what lies in open transactions beyond it.</summary>
    internal async Task<BoundedEnds> BoundedEndsAsync(IReadOnlyCollection<string> topics)
    {
        var partitions = await PartitionsAsync(topics);
        for (var since = Stopwatch.GetTimestamp(); ; await Task.Delay(BrokerRetry.RetryMs))
        {
            // In this order: what is written between the two answers is not taken for a transaction.
            var all = await EndOffsetsAsync(partitions, IsolationLevel.ReadUncommitted);
            var stable = await EndOffsetsAsync(partitions);
            var open = partitions.Where(p => stable[p] < all[p])
                .Select(p => new OpenTransaction(p.Topic, p.Partition.Value, stable[p], all[p] - stable[p]))
                .ToList();
            if (open.Count == 0 || Stopwatch.GetElapsedTime(since) >= MarkersMax)
                return new BoundedEnds(stable, open);
        }
    }

    /// <summary>Every partition of the topics.</summary>
    /// <exception cref="UserException">A topic does not exist.</exception>
    internal async Task<IReadOnlyList<TopicPartition>> PartitionsAsync(IReadOnlyCollection<string> topics)
    {
        var infos = await DescribeSourcesAsync(topics);
        return [.. infos.SelectMany(i => Enumerable.Range(0, i.Partitions).Select(p => new TopicPartition(i.Name, p)))];
    }

    /// <summary>The first offset that each partition holds.</summary>
    internal Task<Dictionary<TopicPartition, long>> StartOffsetsAsync(IReadOnlyCollection<TopicPartition> partitions) =>
        ListOffsetsAsync(partitions, OffsetSpec.Earliest(), IsolationLevel.ReadUncommitted);

    /// <summary>The committed offsets of a group. Partitions without one are absent.</summary>
    internal async Task<Dictionary<TopicPartition, long>> CommittedAsync(string group, IReadOnlyCollection<TopicPartition> partitions)
    {
        if (partitions.Count == 0)
            return [];
        using var consumer = CreateConsumer(group);
        var answer = await _retry.AskAsync(left => Task.Run(() => consumer.Committed(partitions, left)));
        var offsets = new Dictionary<TopicPartition, long>();
        foreach (var p in answer)
        {
            if (p.Offset.Value >= 0)
                offsets[p.TopicPartition] = p.Offset.Value;
        }

        return offsets;
    }

    /// <summary>
    /// The configuration of each topic, <see cref="TopicConfig.Unknown"/> where the broker does not tell: a warning
    /// less, no reason to stop.
    /// </summary>
    internal async Task<IReadOnlyDictionary<string, TopicConfig>> ConfigsAsync(IReadOnlyCollection<string> topics)
    {
        var configs = topics.Distinct().ToDictionary(topic => topic, _ => TopicConfig.Unknown);
        var resources = configs.Keys.Select(topic => new ConfigResource { Type = ResourceType.Topic, Name = topic });
        try
        {
            foreach (var answer in await _admin.DescribeConfigsAsync(resources, new DescribeConfigsOptions { RequestTimeout = Short() }))
                configs[answer.ConfigResource.Name] = Config(answer.Entries);
        }
        catch (DescribeConfigsException e)
        {
            foreach (var answer in e.Results.Where(r => !r.Error.IsError))
                configs[answer.ConfigResource.Name] = Config(answer.Entries);
        }
        catch (KafkaException)
        {
            // The broker knows no such question.
        }

        return configs;
    }

    static TopicConfig Config(Dictionary<string, ConfigEntryResult> entries)
    {
        string Value(string name) => entries.TryGetValue(name, out var entry) ? entry.Value ?? "" : "";
        long? Number(string name) =>
            long.TryParse(Value(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        return new TopicConfig(Number("retention.ms"), Value("cleanup.policy"), (int?)Number("max.message.bytes"));
    }

    // A consumer, which joins no group for this: asked for the offsets of a group whose coordinator is not ready, right
    // after the broker's start, librdkafka 2.16 ends an admin client's process (rd_kafka_handle_OffsetFetch goes on to
    // a consumer group that is not there).
    IConsumer<Ignore, Ignore> CreateConsumer(string group)
    {
        var properties = new Dictionary<string, string>(_properties)
        {
            ["group.id"] = group,
            ["isolation.level"] = "read_committed",
            ["enable.auto.commit"] = "false",
        };
        var builder = new ConsumerBuilder<Ignore, Ignore>(properties)
            .SetLogHandler(static (_, _) => { })
            .SetErrorHandler((_, error) => _errors.Tell(error));
        return ClientConfiguration.Build(builder.Build, "client");
    }

    TimeSpan Short() => TimeSpan.FromMilliseconds(Math.Min(_timeout.TotalMilliseconds, 5_000));

    async Task CreateAsync(string[] topics, OutputSettings output)
    {
        var specifications = topics.Select(t => new TopicSpecification
        {
            Name = t,
            NumPartitions = output.Partitions,
            ReplicationFactor = output.Replication,
        });
        try
        {
            await _admin.CreateTopicsAsync(
                specifications, new CreateTopicsOptions { RequestTimeout = _timeout, OperationTimeout = _timeout });
        }
        catch (CreateTopicsException e)
        {
            // Another node made it first: as good.
            var failed = e.Results.FirstOrDefault(r => r.Error.IsError && r.Error.Code != ErrorCode.TopicAlreadyExists);
            if (failed is not null)
                throw new UserException($"the output topic '{failed.Topic}' cannot be created: {failed.Error.Reason}", 1);
        }
        catch (KafkaException e)
        {
            throw new UserException(
                $"the output topics {string.Join(", ", topics)} cannot be created at {_servers}: {e.Error.Reason}; create them beforehand",
                1);
        }
    }

    async Task<Dictionary<TopicPartition, long>> ListOffsetsAsync(
        IReadOnlyCollection<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation)
    {
        if (partitions.Count == 0)
            return [];
        var specs = partitions.Select(p => new TopicPartitionOffsetSpec { TopicPartition = p, OffsetSpec = spec }).ToList();
        var answer = await _retry.AskAsync(
            left => ListOffsetsOnceAsync(specs, new ListOffsetsOptions { RequestTimeout = left, IsolationLevel = isolation }));
        return answer.ResultInfos.ToDictionary(
            r => r.TopicPartitionOffsetError.TopicPartition, r => r.TopicPartitionOffsetError.Offset.Value);
    }

    async Task<ListOffsetsResult> ListOffsetsOnceAsync(List<TopicPartitionOffsetSpec> specs, ListOffsetsOptions options)
    {
        try
        {
            return await _admin.ListOffsetsAsync(specs, options);
        }
        catch (ListOffsetsException e)
        {
            var failed = e.Result.ResultInfos.Select(r => r.TopicPartitionOffsetError.Error).First(r => r.IsError);
            if (BrokerRetry.IsOfOldLeader(failed))
                await Task.Run(() => LearnLeaders(specs));
            throw BrokerRetry.OffsetsFailed(failed);
        }
    }

    void LearnLeaders(List<TopicPartitionOffsetSpec> specs)
    {
        foreach (var topic in specs.Select(spec => spec.TopicPartition.Topic).Distinct())
            _admin.GetMetadata(topic, Short());
    }

    async Task<Dictionary<string, TopicInfo>> DescribeOnceAsync(IReadOnlyCollection<string> topics, TimeSpan left)
    {
        List<TopicDescription> descriptions;
        try
        {
            var options = new DescribeTopicsOptions { RequestTimeout = left };
            descriptions = (await _admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(topics), options)).TopicDescriptions;
        }
        catch (DescribeTopicsException e)
        {
            descriptions = e.Results.TopicDescriptions; // some topics are missing: the others are there
        }

        var failed = descriptions.FirstOrDefault(d => d.Error.IsError && d.Error.Code != ErrorCode.UnknownTopicOrPart);
        if (failed is not null)
            throw new KafkaException(new Error(failed.Error.Code, $"{failed.Error.Reason} ({failed.Name})"));
        return descriptions.Where(d => !d.Error.IsError)
            .ToDictionary(d => d.Name, d => new TopicInfo(d.Name, d.Partitions.Count, TopicInfo.ToText(d.TopicId)));
    }
}
