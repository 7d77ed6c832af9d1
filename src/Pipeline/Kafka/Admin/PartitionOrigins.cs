using System.Globalization;
using System.Text;
using AkkaJoin.Shards.Journal;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Admin;

/// <summary>
/// The offset at which the join began with each source partition, its origin, in the journal's database.
/// <para>
/// Invariants. An origin is durable before the first offset of its partition is committed, and never changes. A key
/// group that does not know a partition begins at its origin, not at the committed offset: a journal that was rolled
/// back may lack all records between the two. A copy of the database that lacks the origin too knows nothing of the
/// partition; then the join stops (<see cref="Unknown"/>).
/// </para>
/// Used by the consumer's thread.
/// </summary>
/// <param name="catalog">The join's journal.</param>
/// <param name="join">The join's name.</param>
sealed class PartitionOrigins(IJoinCatalog catalog, string join)
{
    /// <summary>
    /// In place of an origin that the journal does not have: it was begun by a version that wrote none, or rolled back.
    /// </summary>
    internal const long Unknown = -1;

    /// <summary>
    /// The origin of a partition; null where there is none. Read each time: the database may be rolled back, and all
    /// nodes are to see the same. The caller waits for a database that is away.
    /// </summary>
    /// <exception cref="JournalException">The journal cannot be read.</exception>
    internal long? Find(TopicPartition partition) => catalog.GetAtOnce(join, Name(partition)) is { } bytes
        ? long.Parse(Encoding.UTF8.GetString(bytes), CultureInfo.InvariantCulture)
        : null;

    /// <summary>
    /// Writes the origins of partitions that have none; of several nodes that try, the first one's stays.
    /// </summary>
    /// <exception cref="JournalException">The journal cannot be read or written.</exception>
    internal void Add(IReadOnlyDictionary<TopicPartition, long> origins)
    {
        // Mostly all are new: one transaction.
        var missing = origins.Where(o => Find(o.Key) is null).ToDictionary(o => Name(o.Key), o => Value(o.Value));
        if (missing.Count == 0 || catalog.TryAdd(join, missing))
            return;
        foreach (var (name, value) in missing)
            catalog.TryAdd(join, new Dictionary<string, byte[]> { [name] = value });
    }

    static string Name(TopicPartition partition) =>
        string.Create(CultureInfo.InvariantCulture, $"{CatalogNames.SourceOrigin}{partition.Topic}/{partition.Partition.Value}");

    static byte[] Value(long offset) => Encoding.UTF8.GetBytes(offset.ToString(CultureInfo.InvariantCulture));
}
