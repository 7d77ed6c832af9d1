using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace AkkaJoin.Pipeline.Tests.Kafka;

/// <summary>Topics of a real Kafka, which answers that a topic is made before each broker knows it.</summary>
static class RealTopics
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    /// <summary>Makes topics, and waits until the broker knows them.</summary>
    internal static async Task CreateAndSeeAsync(this IAdminClient admin, params TopicSpecification[] topics)
    {
        await admin.CreateTopicsAsync(topics);
        var names = TopicCollection.OfTopicNames(topics.Select(topic => topic.Name));
        for (var since = Stopwatch.GetTimestamp(); !await AreKnownAsync(admin, names); await Task.Delay(20))
        {
            if (Stopwatch.GetElapsedTime(since) > Patience)
                throw new TimeoutException($"the broker does not know {string.Join(", ", topics.Select(topic => topic.Name))}");
        }
    }

    static async Task<bool> AreKnownAsync(IAdminClient admin, TopicCollection names)
    {
        try
        {
            return (await admin.DescribeTopicsAsync(names)).TopicDescriptions.All(topic => topic.Partitions.Count > 0);
        }
        catch (DescribeTopicsException)
        {
            return false;
        }
    }
}
