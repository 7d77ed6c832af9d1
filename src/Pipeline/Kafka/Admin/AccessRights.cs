using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace AkkaJoin.Pipeline.Kafka.Admin;

/// <summary>
/// What the brokers let this user do, as they say themselves. So every rule of the cluster counts, and asking takes no
/// right beyond Describe. Null = a broker does not say, as the embedded one.
/// </summary>
/// <param name="Topics">By topic.</param>
/// <param name="Group">With the consumer group.</param>
/// <param name="Cluster">With the cluster.</param>
/// <param name="Brokers">How many brokers there are; null = not known.</param>
sealed record AccessRights(
    IReadOnlyDictionary<string, IReadOnlyList<AclOperation>?> Topics,
    IReadOnlyList<AclOperation>? Group,
    IReadOnlyList<AclOperation>? Cluster,
    int? Brokers)
{
    /// <summary>Asks.</summary>
    internal static async Task<AccessRights> AskAsync(
        IAdminClient admin, IReadOnlyCollection<string> topics, string group, TimeSpan timeout)
    {
        var cluster = await OrNullAsync(
            () => admin.DescribeClusterAsync(new DescribeClusterOptions { IncludeAuthorizedOperations = true, RequestTimeout = timeout }));
        var groups = await OrNullAsync(() => admin.DescribeConsumerGroupsAsync(
            [group], new DescribeConsumerGroupsOptions { IncludeAuthorizedOperations = true, RequestTimeout = timeout }));
        return new AccessRights(
            await OfTopicsAsync(admin, topics, timeout),
            Told(groups?.ConsumerGroupDescriptions.FirstOrDefault(found => !found.Error.IsError)?.AuthorizedOperations),
            Told(cluster?.AuthorizedOperations),
            cluster?.Nodes.Count is > 0 and var count ? count : null);
    }

    static async Task<Dictionary<string, IReadOnlyList<AclOperation>?>> OfTopicsAsync(
        IAdminClient admin, IReadOnlyCollection<string> topics, TimeSpan timeout)
    {
        List<TopicDescription> described;
        try
        {
            var options = new DescribeTopicsOptions { IncludeAuthorizedOperations = true, RequestTimeout = timeout };
            described = (await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(topics), options)).TopicDescriptions;
        }
        catch (DescribeTopicsException e)
        {
            described = e.Results.TopicDescriptions;
        }
        catch (KafkaException)
        {
            described = [];
        }

        return described.Where(d => !d.Error.IsError)
            .ToDictionary(d => d.Name, IReadOnlyList<AclOperation>? (d) => Told(d.AuthorizedOperations));
    }

    // No operation at all would not have been told either.
    static List<AclOperation>? Told(List<AclOperation>? operations) => operations is { Count: > 0 } ? operations : null;

    static async Task<T?> OrNullAsync<T>(Func<Task<T>> ask)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (KafkaException)
        {
            return null;
        }
    }
}
