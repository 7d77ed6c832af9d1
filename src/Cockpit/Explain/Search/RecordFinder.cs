using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Settings;
using Confluent.Kafka;

namespace AkkaJoin.Cockpit.Explain.Search;

/// <summary>Finds records of a join's source topics: at a position, by id or by key.</summary>
/// <param name="join">The join.</param>
/// <param name="decoder">Decodes its records.</param>
/// <param name="admin">Asks the brokers.</param>
/// <param name="search">Reads topics.</param>
/// <param name="window">Where to look for ids and keys.</param>
sealed class RecordFinder(JoinSettings join, InputDecoder decoder, TopicAdmin admin, TopicSearch search, SearchWindow window)
{
    /// <summary>The most records of one id or key that are kept.</summary>
    internal const int RecordsKept = 1_000;

    /// <summary>Looks for a record.</summary>
    /// <exception cref="Pipeline.UserException">The brokers do not answer, or refuse.</exception>
    internal async Task<FoundRecord> FindAsync(Side side, RecordReference reference, CancellationToken stopping)
    {
        var topic = join.Source(side).Topic;
        var log = await TopicLog.ReadAsync(admin, topic);
        var found = reference.Kind == RecordReferenceKind.Position
            ? await AtAsync(side, reference, log, stopping)
            : await ByIdOrKeyAsync(side, reference, log, stopping);
        return found.Record is { } record ? found with { Record = decoder.WithDetail(record) } : found;
    }

    /// <summary>The record with what makes it filtered, or its key null.</summary>
    internal InputRecord WithDetail(InputRecord record) => decoder.WithDetail(record);

    /// <summary>Reads a side's topic, and hands out each record as it is decoded.</summary>
    internal async Task<SearchEnd> ScanAsync(Side side, Func<InputRecord, bool> visit, CancellationToken stopping)
    {
        var log = await TopicLog.ReadAsync(admin, join.Source(side).Topic);
        var ranges = await log.RangesAsync(admin, window.FromMs, window.ToMs, window.RecordsMax);
        return await search.RunAsync(
            log, ranges, IsolationLevel.ReadCommitted, result => visit(decoder.Decode(side, result)), stopping);
    }

    async Task<FoundRecord> AtAsync(Side side, RecordReference reference, TopicLog log, CancellationToken stopping)
    {
        var (partition, offset) = (reference.Partition, reference.Offset);
        FoundRecord Found(Presence presence) => new(side, log.Topic, reference, presence)
        {
            Partitions = log.Partitions.Count,
            Log = log.Partitions.TryGetValue(partition, out var found) ? found : null,
        };
        if (!log.Partitions.TryGetValue(partition, out var where) || offset >= where.End)
            return Found(Presence.NoSuchPosition);
        if (offset < where.Start)
            return Found(Presence.Gone);
        var stable = offset < where.StableEnd
            ? await ReadAsync(side, log, partition, offset, where.StableEnd, IsolationLevel.ReadCommitted, stopping)
            : null;
        if (stable is not null)
            return Found(Presence.Found) with { Record = stable };
        var any = await ReadAsync(side, log, partition, offset, where.End, IsolationLevel.ReadUncommitted, stopping);
        if (any is not null)
            return Found(offset < where.StableEnd ? Presence.Aborted : Presence.OpenTransaction) with { Record = any };
        var configs = await admin.ConfigsAsync([log.Topic]);
        return configs[log.Topic].IsCompacted ? Found(Presence.Gone) with { IsCompacted = true } : Found(Presence.NoSuchPosition);
    }

    // The record of an offset; null where none has it. The next one that is shown tells that.
    async Task<InputRecord?> ReadAsync(
        Side side, TopicLog log, int partition, long offset, long end, IsolationLevel isolation, CancellationToken stopping)
    {
        InputRecord? record = null;
        var range = new Dictionary<int, OffsetRange> { [partition] = new(offset, end) };
        await search.RunAsync(
            log,
            range,
            isolation,
            result =>
            {
                if (result.Offset.Value == offset)
                    record = decoder.Decode(side, result);
                return false;
            },
            stopping);
        return record;
    }

    async Task<FoundRecord> ByIdOrKeyAsync(Side side, RecordReference reference, TopicLog log, CancellationToken stopping)
    {
        var found = new List<InputRecord>();
        var end = await ScanAsync(
            side,
            record =>
            {
                if (Matches(record, reference) && found.Count < RecordsKept)
                    found.Add(record);
                return true;
            },
            stopping);

        // Of an id the first record counts; of a key the newest one is asked for.
        var isId = reference.Kind == RecordReferenceKind.Id;
        var record = isId ? found.FirstOrDefault() : found.MaxBy(r => r.Time);
        return new FoundRecord(side, log.Topic, reference, record is null ? Presence.NotFound : Presence.Found)
        {
            Record = record,
            Partitions = log.Partitions.Count,
            Search = end,
            Others = [.. found.Where(r => r != record)],
        };
    }

    static bool Matches(InputRecord record, RecordReference reference) => reference.Kind == RecordReferenceKind.Id
        ? record.Id.AsSpan().SequenceEqual(reference.Bytes) && record.Id is not null
        : record.Key is not null && record.Key.AsSpan().SequenceEqual(reference.Bytes);
}

/// <summary>Where to look in a topic.</summary>
/// <param name="FromMs">Records with a Kafka timestamp from here on, ms since the epoch; null = the newest.</param>
/// <param name="ToMs">Records with a Kafka timestamp up to here, ms since the epoch; null = to the end.</param>
/// <param name="RecordsMax">The limit of records.</param>
sealed record SearchWindow(long? FromMs, long? ToMs, int RecordsMax);
