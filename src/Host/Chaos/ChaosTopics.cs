using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Embedded;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace AkkaJoin.Host.Chaos;

/// <summary>The topics of a run, all with names of its own.</summary>
static class ChaosTopics
{
    const int LeftPartitions = 8, RightPartitions = 4;

    // The embedded broker keeps 5 MiB a partition, so that there the records of a run lie in many.
    const int EmbeddedLeft = 16, EmbeddedRight = 16, EmbeddedRows = 32;
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    internal static string Rows(RunIdentity run) => run.Name + "-rows";

    internal static string Late(RunIdentity run) => run.Name + "-late";

    internal static string Dead(RunIdentity run) => run.Name + "-dead";

    /// <summary>The source topics; one where the user's join joins a topic with itself.</summary>
    internal static (string Left, string Right) Sources(RunIdentity run, JoinSettings join) =>
        IsSelfJoin(join) ? (run.Name + "-both", run.Name + "-both") : (run.Name + "-left", run.Name + "-right");

    internal static bool IsSelfJoin(JoinSettings join) => join.Left.Topic == join.Right.Topic;

    /// <summary>Makes them in the embedded broker.</summary>
    internal static void Create(EmbeddedKafka kafka, RunIdentity run, JoinSettings join)
    {
        var (left, right) = Sources(run, join);
        kafka.CreateTopic(left, EmbeddedLeft);
        if (right != left)
            kafka.CreateTopic(right, EmbeddedRight);
        kafka.CreateTopic(Rows(run), EmbeddedRows);
        kafka.CreateTopic(Late(run), 2);
        kafka.CreateTopic(Dead(run), 2);
    }

    /// <summary>
    /// Makes them, the sources with as many partitions as the user's topics have, where there are such.
    /// </summary>
    /// <exception cref="UserException">They are there already, or cannot be made.</exception>
    internal static async Task CreateAsync(KafkaSettings kafka, RunIdentity run, JoinSettings user)
    {
        using var asking = TopicAdmin.Create(kafka);
        await asking.ConnectAsync();
        var (left, right) = Sources(run, user);
        var wanted = new List<TopicSpecification>
        {
            Topic(left, await PartitionsAsync(asking, user.Left.Topic, LeftPartitions), user),
            // The time of the append is what an outage is measured by.
            Topic(Rows(run), user.Output.Partitions, user, ("message.timestamp.type", "LogAppendTime")),
            Topic(Late(run), 1, user),
            Topic(Dead(run), 1, user),
        };
        if (right != left)
            wanted.Add(Topic(right, await PartitionsAsync(asking, user.Right.Topic, RightPartitions), user));
        try
        {
            using var admin = Admin(kafka);
            await admin.CreateTopicsAsync(wanted, new CreateTopicsOptions { RequestTimeout = Timeout, OperationTimeout = Timeout });
        }
        catch (CreateTopicsException e)
        {
            var failed = e.Results.First(r => r.Error.IsError);
            throw new UserException(
                failed.Error.Code == ErrorCode.TopicAlreadyExists
                    ? $"the topic {failed.Topic} is there already, of an earlier run with this seed: take another seed, "
                    + $"or delete the topics {run.Name}-*"
                    : $"the topic {failed.Topic} cannot be made: {failed.Error.Reason}",
                ExitCodes.Failed);
        }
        catch (KafkaException e)
        {
            throw new UserException(
                $"the topics of the run cannot be made at {kafka.BootstrapServers}: {e.Error.Reason}", ExitCodes.Failed);
        }
    }

    /// <summary>Deletes them and the consumer group, as far as the brokers allow it.</summary>
    internal static async Task DeleteAsync(KafkaSettings kafka, RunIdentity run, JoinSettings join)
    {
        var (left, right) = Sources(run, join);
        try
        {
            using var admin = Admin(kafka);
            await admin.DeleteTopicsAsync(
                new[] { left, right, Rows(run), Late(run), Dead(run) }.Distinct(), new DeleteTopicsOptions { RequestTimeout = Timeout });
            await admin.DeleteGroupsAsync([run.Name], new DeleteGroupsOptions { RequestTimeout = Timeout });
        }
        catch (KafkaException)
        {
            // Whoever may not delete has them left over. The result stands.
        }
    }

    static async Task<int> PartitionsAsync(TopicAdmin admin, string topic, int standard) =>
        await admin.PartitionCountAsync(topic) is var count and > 0 ? count : standard;

    // Event times lie long ago, and nothing is to be deleted for its age before it is validated.
    static TopicSpecification Topic(string name, int partitions, JoinSettings user, params (string Key, string Value)[] more)
    {
        var configs = new Dictionary<string, string> { ["retention.ms"] = "-1" };
        foreach (var (key, value) in more)
            configs[key] = value;
        return new TopicSpecification
        {
            Name = name,
            NumPartitions = partitions,
            ReplicationFactor = user.Output.Replication,
            Configs = configs,
        };
    }

    static IAdminClient Admin(KafkaSettings kafka) =>
        new AdminClientBuilder(new Dictionary<string, string>(kafka.Client) { ["bootstrap.servers"] = kafka.BootstrapServers })
            .SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
}
