using Akka.Cluster;
using Akka.Event;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Journal;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>What is checked and found out before a join runs: all that can be, before anything is read or written but the journal's catalogue.</summary>
sealed class JoinPreparation
{
    readonly KafkaSettings _kafka;
    readonly JoinSettings _join;
    readonly EngineOptions _options;
    readonly ILoggingAdapter _log;

    JoinPreparation(KafkaSettings kafka, JoinSettings join, EngineOptions options, ILoggingAdapter log)
    {
        _kafka = kafka;
        _join = join;
        _options = options;
        _log = log;
    }

    /// <summary>The definition to run with.</summary>
    internal required JoinDefinition Definition { get; init; }

    /// <summary>What is read; where the run is bounded, up to which ends.</summary>
    internal required AutoSubscription Subscription { get; set; }

    /// <summary>How many source partitions there are.</summary>
    internal required int SourcePartitions { get; init; }

    /// <summary>What is known of the output topics.</summary>
    internal required OutputReview Outputs { get; init; }

    /// <summary>What a bounded run does not read, since it lies in open transactions or behind them.</summary>
    internal IReadOnlyList<OpenTransaction> Open { get; private set; } = [];

    /// <summary>Whether the end of a bounded run leaves time open: closed over what could not be read, time would make it late.</summary>
    internal bool KeepsOpen => _options.KeepOpen || (Open.Count > 0 && !_options.CloseAnyway);

    /// <summary>Checks, and makes the output topics that are missing.</summary>
    /// <exception cref="UserException">Broker, topics, journal or definition are not as needed.</exception>
    internal static async Task<JoinPreparation> CreateAsync(
        KafkaSettings kafka, JoinSettings join, JoinJournal journal, EngineOptions options, Cluster cluster, string? role, ILoggingAdapter log)
    {
        using var admin = TopicAdmin.Create(kafka);
        await admin.ConnectAsync();
        await TopicAdmin.CheckAccessAsync(kafka);
        var topics = new[] { join.Left.Topic, join.Right.Topic }.Distinct().ToArray();
        var infos = await admin.DescribeSourcesAsync(topics);
        var partitions = await admin.PartitionsAsync(topics);
        var committed = await admin.CommittedAsync(join.GroupId, partitions);
        var configured = DefinitionBuilder.Build(join, infos[0], infos[^1]);

        // Where this node is one of the cluster already: before it journals what others cannot read.
        ClusterPeers.RefuseOlderMembers(cluster, role, configured);
        var definition = new JournalGuard(journal, join).Check(configured, committed.Count);
        var beginning = JoinBeginning.Partitions(journal, join, infos[0], infos[^1], committed.Keys);
        var created = await admin.EnsureOutputsAsync(join.Output);
        if (created.Count > 0)
            PipelineLog.TopicsCreated(log, join.Name, created);
        var prepared = new JoinPreparation(kafka, join, options, log)
        {
            Definition = definition,
            Subscription = Subscriptions.Topics(topics) with { Sources = SourceTopics.Of(definition, beginning, new PartitionOrigins(journal, join.Name)) },
            SourcePartitions = partitions.Count,
            Outputs = await OutputReview.CreateAsync(admin, join, log),
        };
        if (options.Bounded)
            await prepared.TakeEndsAsync(admin);
        return prepared;
    }

    /// <summary>Takes the ends of a bounded run as they are now.</summary>
    internal async Task TakeEndsAsync()
    {
        using var admin = TopicAdmin.Create(_kafka);
        await TakeEndsAsync(admin);
    }

    async Task TakeEndsAsync(TopicAdmin admin)
    {
        var ends = await admin.BoundedEndsAsync(Subscription.Topics);
        Subscription = Subscription.WithEnds(ends.Ends);
        Open = ends.Open;
        if (Open.Count > 0)
            PipelineLog.TransactionsAreOpen(_log, _join.Name, OpenTransaction.Describe(Open), KeepsOpen);
    }
}
