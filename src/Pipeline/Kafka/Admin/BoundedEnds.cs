using System.Globalization;
using Confluent.Kafka;

namespace AkkaJoin.Pipeline.Kafka.Admin;

/// <summary>Where a bounded run ends.</summary>
/// <param name="Ends">The offset after the last record of each partition that read_committed shows.</param>
/// <param name="Open">The partitions that hold more, in open transactions or behind them.</param>
sealed record BoundedEnds(IReadOnlyDictionary<TopicPartition, long> Ends, IReadOnlyList<OpenTransaction> Open);

/// <summary>What a source partition holds beyond the first open transaction: a bounded run reads none of it.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="StableEnd">The first offset that is not read.</param>
/// <param name="Offsets">How many offsets lie from there to the end of the log.</param>
sealed record OpenTransaction(string Topic, int Partition, long StableEnd, long Offsets)
{
    const int NamedMax = 5;

    /// <summary>"t/0: 12 offsets from 340 on", for the first few of them.</summary>
    internal static string Describe(IReadOnlyList<OpenTransaction> all) =>
        string.Join("; ", all.Take(NamedMax))
            + (all.Count > NamedMax ? string.Create(CultureInfo.InvariantCulture, $"; and {all.Count - NamedMax} more partitions") : "");

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Topic}/{Partition}: {Offsets} offsets from {StableEnd} on");
}
