using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Outputs;
using Confluent.Kafka;

namespace AkkaJoin.Cockpit.Explain.Search;

/// <summary>
/// Finds what a join wrote of records: rows by the bytes that they must have, copies in the late and dead-letter topics
/// by the headers that name the record.
/// </summary>
/// <param name="join">The join.</param>
/// <param name="admin">Asks the brokers.</param>
/// <param name="search">Reads topics.</param>
/// <param name="recordsMax">The limit of records.</param>
sealed class OutputFinder(JoinSettings join, TopicAdmin admin, TopicSearch search, int recordsMax)
{
    readonly HeaderBytes _headers = new();

    /// <summary>Looks for rows.</summary>
    /// <param name="key">The key of the rows; null = a null key.</param>
    /// <param name="values">The values that rows may have.</param>
    /// <param name="fromMs">The earliest time of the records that they have, ms since the epoch.</param>
    /// <param name="stopping">Nobody waits for the result any more.</param>
    internal async Task<FoundRows> RowsAsync(byte[]? key, IReadOnlyList<byte[]> values, long fromMs, CancellationToken stopping)
    {
        if (join.Output.To == RowTarget.Source)
        {
            var noTopic = new SearchEnd(join.Output.Topic) { Stop = SearchStop.NoTopic };
            return new FoundRows([.. values.Select(_ => Array.Empty<FoundRow>())], [], noTopic);
        }

        var wanted = values.Select((value, index) => (Text: Convert.ToBase64String(value), index)).ToLookup(v => v.Text, v => v.index);
        var rows = new List<FoundRow>[values.Count];
        var attributions = new List<AttributionRow>();
        var superseding = new Dictionary<string, FoundRow>();
        var end = await ScanAsync(
            join.Output.Topic,
            fromMs,
            result =>
            {
                if (!IsOfKey(result, key) || !RecordHeaders.IsOf(result, join))
                    return true;
                foreach (var id in RecordHeaders.Text(result, OutputHeaders.Supersedes)?.Split(',') ?? [])
                    superseding[id] = Row(result);
                foreach (var index in wanted[Convert.ToBase64String(result.Message.Value ?? [])])
                    (rows[index] ??= []).Add(Row(result));
                if (join.Type == JoinType.Attribution && AttributionRows.Read(Row(result), result.Message.Value) is { } row)
                    attributions.Add(row);
                return true;
            },
            stopping);
        return new FoundRows(
            [.. rows.Select(found => (IReadOnlyList<FoundRow>)[.. (found ?? []).Select(WithSuperseding)])],
            [.. attributions.Where(row => WithSuperseding(row.Row).SupersededBy is null)],
            end);

        FoundRow WithSuperseding(FoundRow row) => row with { SupersededBy = superseding.GetValueOrDefault(row.Id) };
    }

    /// <summary>Looks for copies of records in the late topic.</summary>
    internal async Task<(IReadOnlyDictionary<SourceRecord, LateCopy> Copies, SearchEnd End)> LateCopiesAsync(
        IReadOnlyCollection<SourceRecord> records, long fromMs, CancellationToken stopping)
    {
        var found = new Dictionary<SourceRecord, LateCopy>();
        var end = await ScanAsync(
            join.Output.LateTopic,
            fromMs,
            result =>
            {
                if (Source(result) is { } source && records.Contains(source))
                    found.TryAdd(source, Late(result));
                return true;
            },
            stopping);
        return (found, end);
    }

    /// <summary>Looks for a copy of a record in the dead-letter topic.</summary>
    internal async Task<(DeadCopy? Copy, SearchEnd End)> DeadCopyAsync(SourceRecord record, long fromMs, CancellationToken stopping)
    {
        DeadCopy? found = null;
        var end = await ScanAsync(
            join.Output.DeadLetterTopic,
            fromMs,
            result =>
            {
                if (Source(result) == record)
                    found = new DeadCopy(Row(result), Text(OutputHeaders.Reason), Text(OutputHeaders.Detail));
                return found is null;

                string Text(string name) => RecordHeaders.Text(result, name) ?? "";
            },
            stopping);
        return (found, end);
    }

    async Task<SearchEnd> ScanAsync(
        string topic, long fromMs, Func<ConsumeResult<byte[]?, byte[]?>, bool> visit, CancellationToken stopping)
    {
        var log = await TopicLog.ReadAsync(admin, topic);
        var ranges = await log.RangesAsync(admin, Math.Max(0, fromMs), null, recordsMax);
        var end = await search.RunAsync(log, ranges, IsolationLevel.ReadCommitted, visit, stopping);

        // What lies before the records is none of theirs: it was read whole unless retention has been there.
        return end with
        {
            IsOfOutput = true,
            BeginsWithLog = log.Partitions.All(p => p.Value.Start == 0 || ranges[p.Key].From > p.Value.Start),
        };
    }

    static bool IsOfKey(ConsumeResult<byte[]?, byte[]?> result, byte[]? key) =>
        key is null ? result.Message.Key is null : result.Message.Key is not null && result.Message.Key.AsSpan().SequenceEqual(key);

    SourceRecord? Source(ConsumeResult<byte[]?, byte[]?> result)
    {
        if (!RecordHeaders.IsOf(result, join) || TopicHeaders.Source(_headers.Of(result.Message.Headers)) is not { } source)
            return null;
        return RecordHeaders.Text(result, OutputHeaders.SourceTopic) == join.Source(source.Side).Topic ? source : null;
    }

    static LateCopy Late(ConsumeResult<byte[]?, byte[]?> result)
    {
        long Number(string name) => RecordHeaders.Number(result, name) ?? 0;
        return new LateCopy(
            Row(result),
            RecordHeaders.Text(result, OutputHeaders.Reason) == "id-conflict",
            Number(OutputHeaders.LateByMs),
            Number(OutputHeaders.Watermark),
            RecordHeaders.Text(result, OutputHeaders.WatermarkPartition) ?? "",
            Number(OutputHeaders.PartnersFound));
    }

    static FoundRow Row(ConsumeResult<byte[]?, byte[]?> result) => new(
        result.Topic,
        result.Partition.Value,
        result.Offset.Value,
        result.Message.Timestamp.UnixTimestampMs,
        RecordHeaders.Text(result, OutputHeaders.Id) ?? "");
}

/// <summary>What was found in the output topic.</summary>
/// <param name="Rows">The rows of each value that was looked for.</param>
/// <param name="Attributions">All rows of the key that are not superseded, of an attribution in the form json.</param>
/// <param name="End">How the search ended.</param>
sealed record FoundRows(IReadOnlyList<IReadOnlyList<FoundRow>> Rows, IReadOnlyList<AttributionRow> Attributions, SearchEnd End);
