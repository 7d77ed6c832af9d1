using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Kafka.Consuming;
using AkkaJoin.Pipeline.Kafka.Settings;
using AkkaJoin.Pipeline.Sources;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// A join for which everything was checked that can be checked before it runs. Nothing has been read or written but the
/// journal's catalogue, and the node need not be a member of the cluster yet. It becomes a <see cref="RunningJoin"/> by
/// <see cref="StartAsync"/> or <see cref="StartAfter"/>.
/// </summary>
sealed record PreparedJoin
{
    /// <summary>The join and its node.</summary>
    internal required JoinContext Context { get; init; }

    /// <summary>The join's name.</summary>
    internal string Name => Context.Name;

    /// <summary>The definition to run with.</summary>
    internal required JoinDefinition Definition { get; init; }

    /// <summary>The topics to read; in a bounded run, up to which offsets.</summary>
    internal required AutoSubscription Subscription { get; init; }

    /// <summary>The inputs that the application provides.</summary>
    internal required ApplicationInputs Inputs { get; init; }

    /// <summary>How many source partitions there are in Kafka.</summary>
    internal required int SourcePartitions { get; init; }

    /// <summary>The properties of the output topics.</summary>
    internal required OutputReview Outputs { get; init; }

    /// <summary>What a bounded run does not read, since it lies in open transactions or behind them.</summary>
    internal IReadOnlyList<OpenTransaction> Open { get; init; } = [];

    /// <summary>
    /// Whether a bounded run leaves the end of its input open. Ended beside an open transaction, the transaction's
    /// records would be late.
    /// </summary>
    internal bool KeepsOpen => Context.Options.KeepOpen || (Open.Count > 0 && !Context.Options.CloseAnyway);

    /// <summary>Checks everything, and creates the output topics that are missing.</summary>
    /// <exception cref="UserException">Broker, topics, journal or definition are not as needed.</exception>
    internal static async Task<PreparedJoin> CreateAsync(JoinContext context)
    {
        var (kafka, join, journal) = (context.Kafka, context.Join, context.Journal);
        using var admin = TopicAdmin.Create(kafka);
        await admin.ConnectAsync();
        await TopicAdmin.CheckAccessAsync(kafka);
        var inputs = ApplicationInputs.Of(join, context.Sources);
        string[] topics = [.. inputs.KafkaTopics];
        var infos = await admin.DescribeSourcesAsync(topics);
        var partitions = await admin.PartitionsAsync(topics);
        var committed = await admin.CommittedAsync(join.GroupId, partitions);
        var (left, right) = (Describe(join.Left.Topic), Describe(join.Right.Topic));
        var configured = DefinitionBuilder.Build(join, left, right);

        // An embedding application is a member already. Refused before it journals what the others cannot read.
        ClusterPeers.RefuseOlderMembers(context.Cluster, context.Role, configured);
        var definition = new JournalGuard(journal, join).Check(configured, committed.Count);
        await journal.ReadClockAsync(CancellationToken.None);
        var beginning = JoinBeginning.Partitions(journal, join, left, right, committed.Keys);
        var origins = new PartitionOrigins(journal, join.Name);
        inputs.Begin(origins, beginning);
        var created = await admin.EnsureOutputsAsync(join.Output);
        if (created.Count > 0)
            EngineLog.TopicsCreated(context.Log, join.Name, created);
        var prepared = new PreparedJoin
        {
            Context = context,
            Definition = definition,
            Inputs = inputs,
            Subscription = Subscriptions.Topics(topics) with
            {
                Sources = SourceTopics.Of(definition, topics, beginning, origins),
            },
            SourcePartitions = partitions.Count,
            Outputs = await OutputReview.CreateAsync(admin, join, context.Log),
        };
        return context.Options.Bounded ? await prepared.WithEndsAsync(admin) : prepared;

        TopicInfo Describe(string topic) => inputs.Describe(topic) ?? infos.First(info => info.Name == topic);
    }

    /// <summary>Starts the join; the node is a member of the cluster.</summary>
    /// <exception cref="UserException">
    /// Another node of the join and a bounded run cannot be beside each other.
    /// </exception>
    internal Task<RunningJoin> StartAsync()
    {
        CheckBounded();
        RefuseOtherNodes();
        return RunningJoin.StartAsync(this);
    }

    /// <summary>
    /// Starts the join when other bounded joins of this node have ended, whose rows it reads. Only then all their rows
    /// are with the broker, so that the ends of its input are known.
    /// </summary>
    /// <exception cref="UserException">
    /// Another node of the join and a bounded run cannot be beside each other.
    /// </exception>
    internal RunningJoin StartAfter(IReadOnlyList<RunningJoin> before)
    {
        CheckBounded();
        return RunningJoin.StartAfter(this, before);
    }

    /// <summary>The same join with the ends of a bounded run's input as they are now.</summary>
    internal async Task<PreparedJoin> WithEndsAsync()
    {
        using var admin = TopicAdmin.Create(Context.Kafka);
        return await WithEndsAsync(admin);
    }

    async Task<PreparedJoin> WithEndsAsync(TopicAdmin admin)
    {
        var ends = await admin.BoundedEndsAsync(Subscription.Topics);
        var bounded = this with { Subscription = Subscription.WithEnds(ends.Ends), Open = ends.Open };
        if (ends.Open.Count > 0)
            EngineLog.TransactionsAreOpen(Context.Log, Name, OpenTransaction.Describe(ends.Open), bounded.KeepsOpen);
        return bounded;
    }

    // Nobody shares the partitions of such a source out among nodes.
    void RefuseOtherNodes()
    {
        var self = Context.Cluster.SelfUniqueAddress;
        var other = Context.Cluster.State.Members.FirstOrDefault(member => member.UniqueAddress != self);
        if (Inputs.Sources.Count > 0 && other is not null)
        {
            throw new UserException(
                $"join '{Name}' reads from a source of the application's, and {other.Address} is a member of the cluster too: such a join "
                    + "runs on one node",
                1);
        }
    }

    void CheckBounded() => BoundedRunGuard.Check(Context.Cluster, Name, Context.Role, Context.Options.Bounded);
}
