using System.Globalization;
using System.Text;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Journal;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// How many partitions the source topics had when a join began. A partition that was added since is read from its first
/// record, whatever <c>start</c> says: read from its end, it would lack the records that were written before it was
/// found.
/// </summary>
static class JoinBeginning
{
    /// <summary>Reads the numbers, and writes them where the journal does not have them yet.</summary>
    /// <param name="catalog">The join's journal.</param>
    /// <param name="join">The join.</param>
    /// <param name="left">The left topic as it is now.</param>
    /// <param name="right">The right topic as it is now.</param>
    /// <param name="committed">
    /// The partitions with a committed offset. A journal of an older release does not have the numbers: there, a
    /// partition with a committed offset was there before.
    /// </param>
    /// <returns>The number of each topic.</returns>
    internal static IReadOnlyDictionary<string, int> Partitions(
        IJoinCatalog catalog, JoinSettings join, TopicInfo left, TopicInfo right, IReadOnlyCollection<TopicPartition> committed)
    {
        if (Read(catalog, join) is not { } numbers)
        {
            var found = (Count(left, committed), Count(right, committed));
            numbers = catalog.TryAdd(join.Name, Value(found)) ? found : Read(catalog, join) ?? found; // another node was first
        }

        return new Dictionary<string, int> { [left.Name] = numbers.Left, [right.Name] = numbers.Right };
    }

    static (int Left, int Right)? Read(IJoinCatalog catalog, JoinSettings join)
    {
        if (catalog.Get(join.Name, CatalogNames.SourcePartitions) is not { } bytes)
            return null;
        var parts = Encoding.UTF8.GetString(bytes).Split(' ');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    static Dictionary<string, byte[]> Value((int Left, int Right) numbers) => new()
    {
        [CatalogNames.SourcePartitions] =
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{numbers.Left} {numbers.Right}")),
    };

    static int Count(TopicInfo topic, IReadOnlyCollection<TopicPartition> committed)
    {
        var known = committed.Where(p => p.Topic == topic.Name).Select(p => p.Partition.Value + 1).DefaultIfEmpty(0).Max();
        return known > 0 ? known : topic.Partitions;
    }
}
