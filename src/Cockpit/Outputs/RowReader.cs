using AkkaJoin.Cockpit.Explain.Search;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Outputs;
using Confluent.Kafka;

namespace AkkaJoin.Cockpit.Outputs;

/// <summary>
/// Reads the last rows of a key. A row has the join key as its Kafka key, whatever the output's format, and the output
/// producer's partitioner cannot be changed. So all rows of a key lie in one partition, and no other is read.
/// </summary>
/// <param name="kafka">The brokers.</param>
/// <param name="join">The join.</param>
/// <param name="limits">How much may be read.</param>
sealed class RowReader(KafkaSettings kafka, JoinSettings join, ExplainLimits limits)
{
    /// <summary>The most rows that can be asked for.</summary>
    internal const int RowsMax = 1_000;

    /// <summary>Reads them.</summary>
    /// <param name="key">The key in canonical form.</param>
    /// <param name="count">The most rows, from 1.</param>
    /// <param name="withValues">Whether the values are told too.</param>
    /// <param name="stopping">Nobody waits any more.</param>
    /// <exception cref="Pipeline.UserException">The brokers do not answer, or refuse.</exception>
    internal async Task<KeyRowsReport> ReadAsync(byte[] key, int count, bool withValues, CancellationToken stopping)
    {
        using var admin = TopicAdmin.Create(SearchKafka.Of(kafka));
        var found = await new NewestSearch(kafka, admin, limits).RunAsync(
            join.Output.Topic,
            partitions => KeyPartitioner.Of(key, partitions),
            count,
            result => IsOfKey(result, key) ? Row(result, withValues) : null,
            stopping);
        return new KeyRowsReport(join.Output.Topic, [.. found.Records.Select(row => row.Record)], found.Report(), Problem: null);
    }

    bool IsOfKey(ConsumeResult<byte[]?, byte[]?> result, byte[] key) =>
        result.Message.Key is { } own && own.AsSpan().SequenceEqual(key) && RecordHeaders.IsOf(result, join);

    static KeyRow Row(ConsumeResult<byte[]?, byte[]?> result, bool withValues) => new(
        result.Partition.Value,
        result.Offset.Value,
        result.Message.Timestamp.UnixTimestampMs,
        RecordHeaders.Text(result, OutputHeaders.Row),
        RecordHeaders.Text(result, OutputHeaders.Id),
        result.Message.Value?.Length,
        withValues ? ShownBytes.Of(result.Message.Value) : null);
}
