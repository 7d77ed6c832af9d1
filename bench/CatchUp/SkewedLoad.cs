using AkkaJoin.Bench.Load;

namespace AkkaJoin.Bench.CatchUp;

/// <summary>
/// The take-rate load at a lower rate, in partitions of very different sizes: of the larger ones more is read at a time, so that they run ahead in event time
/// unless somebody holds them. The large partitions of the two topics are not the same ones.
/// </summary>
/// <param name="perSecond">Records in a second of event time.</param>
/// <param name="seed">The seed.</param>
/// <param name="startMs">The first event time, ms since the epoch.</param>
sealed class SkewedLoad(int perSecond, int seed, long startMs)
{
    // One for each partition of LoadTopics.
    static readonly int[] Shares = [32, 8, 4, 2, 1, 1, 1, 1];
    static readonly int[] Partitions = [.. Shares.SelectMany((share, partition) => Enumerable.Repeat(partition, share))];

    /// <summary>The records of so many seconds of event time.</summary>
    internal IEnumerable<LoadRecord> Records(int seconds)
    {
        var random = new Random(seed);
        var load = new LoadGenerator(perSecond * seconds, seed, startMs, new LoadShape(perSecond, LoadGenerator.DisorderMs));
        foreach (var record in load.Records())
        {
            var partition = Partitions[random.Next(Partitions.Length)];
            yield return record with { Partition = record.IsImpression ? partition : LoadTopics.Partitions - 1 - partition };
        }
    }
}
