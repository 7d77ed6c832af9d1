using AkkaJoin.Cockpit.Explain.Live;
using AkkaJoin.Cockpit.Explain.Reasons;
using AkkaJoin.Cockpit.Explain.Search;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Kafka.Admin;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;
using Confluent.Kafka;

namespace AkkaJoin.Cockpit.Explain;

/// <summary>
/// Explains why two records of a join joined or did not, or what happened to one: looks for the records, asks what the
/// join has done with them, and lets <see cref="ReasonFinder"/> find the reason. Of one explanation.
/// </summary>
sealed class Explainer : IDisposable
{
    const int PairsMax = 300;
    readonly JoinSettings _join;
    readonly JoinDefinition _definition;
    readonly ILiveState _live;
    readonly TopicAdmin _admin;
    readonly RecordFinder _records;
    readonly OutputFinder _outputs;
    readonly CancellationToken _stopping;

    /// <summary>Makes one.</summary>
    /// <param name="kafka">The brokers.</param>
    /// <param name="join">The join.</param>
    /// <param name="live">Tells of the running join.</param>
    /// <param name="limits">How much may be read.</param>
    /// <param name="request">Where to look.</param>
    /// <param name="stopping">Nobody waits for the result any more.</param>
    internal Explainer(
        KafkaSettings kafka, JoinSettings join, ILiveState live, ExplainLimits limits, ExplainRequest request, CancellationToken stopping)
    {
        (_join, _live, _stopping) = (join, live, stopping);
        _definition = live.Definition
            ?? DefinitionBuilder.Build(join, new TopicInfo(join.Left.Topic, 0, ""), new TopicInfo(join.Right.Topic, 0, ""));
        _admin = TopicAdmin.Create(SearchKafka.Of(kafka));
        var search = new TopicSearch(kafka, limits);
        var decoder = new InputDecoder(join, EventTimeLimits.Of(_definition), live.NowMs);
        _records = new RecordFinder(join, decoder, _admin, search, new SearchWindow(request.FromMs, request.ToMs, limits.RecordsMax));
        _outputs = new OutputFinder(join, _admin, search, limits.RecordsMax);
    }

    /// <inheritdoc/>
    public void Dispose() => _admin.Dispose();

    /// <summary>The explanation.</summary>
    /// <exception cref="Pipeline.UserException">The brokers do not answer, or refuse.</exception>
    internal async Task<Explanation> ExplainAsync(ExplainRequest request)
    {
        var findings = new Findings
        {
            Join = _join,
            Definition = _definition,
            RunsWithDefinition = _live.Definition is not null,
            Asked = await AskedAsync(request),
            ReadsAttributions = _join.Output.Format == "json" && _join.Output.Select.Count == 0,
        };
        return ReasonFinder.Explain(await WhatBecameAsync(findings));
    }

    async Task<IReadOnlyList<FoundRecord>> AskedAsync(ExplainRequest request)
    {
        if (request.Second is { } second)
        {
            var left = await _records.FindAsync(Side.Left, request.First, _stopping);
            return NearestPair(left, await _records.FindAsync(Side.Right, second, _stopping));
        }

        if (request.First.Side is { } side)
            return [await _records.FindAsync(side, request.First, _stopping)];

        // The side is the one that has it; the left one, where both have.
        var found = await _records.FindAsync(Side.Left, request.First, _stopping);
        if (found.Presence is not (Presence.NoSuchPosition or Presence.NotFound))
            return [found];
        var other = await _records.FindAsync(Side.Right, request.First, _stopping);
        return [other.Presence is Presence.NoSuchPosition or Presence.NotFound ? found : other];
    }

    // A key names many records: those are meant that can join, else those that are nearest in time.
    IReadOnlyList<FoundRecord> NearestPair(FoundRecord left, FoundRecord right)
    {
        var lefts = Meant(left);
        var rights = Meant(right);
        if (lefts.Count == 0 || rights.Count == 0)
            return [left, right];
        var (a, b) = lefts.SelectMany(_ => rights, (l, r) => (Left: l, Right: r))
            .OrderBy(pair => CanJoin(pair.Left, pair.Right) ? 0 : 1)
            .ThenBy(pair => Math.Abs((double)pair.Left.Time - pair.Right.Time))
            .First();
        return [With(left, a), With(right, b)];
    }

    FoundRecord With(FoundRecord found, InputRecord chosen) => found with
    {
        Record = _records.WithDetail(chosen),
        Others = [.. found.Others.Append(found.Record!).Where(record => !record.IsSameAs(chosen)).OrderBy(r => (r.Partition, r.Offset))],
    };

    static IReadOnlyList<InputRecord> Meant(FoundRecord found)
    {
        if (found.Record is not { } record)
            return [];
        if (found.Reference.Kind != RecordReferenceKind.Key)
            return [record];

        // Of copies the first one is meant.
        return
        [
            .. found.Others.Prepend(record)
                .OrderBy(r => r.Partition).ThenBy(r => r.Offset)
                .DistinctBy(r => r.Id is null ? Names.Of(r) : Convert.ToHexString(r.Id) + " of an id")
                .Take(PairsMax),
        ];
    }

    bool CanJoin(InputRecord left, InputRecord right) =>
        left.Key is not null && right.Key is not null && PairReasons.Of(_join, _definition, left, right) is null;

    // No more is asked and read than the reason needs.
    async Task<Findings> WhatBecameAsync(Findings findings)
    {
        if (ReasonFinder.OfRecords(findings) is { } answer)
            return answer.Reason == ExplainReason.DeadLetter ? await WithDeadLettersAsync(findings) : findings;
        var records = findings.Asked.Select(found => found.Record!).ToList();
        var group = KeyGroupOf.Record(records[0], _definition.KeyGroups);
        findings = findings with
        {
            Live = await _live.KeyAsync(group, records, _stopping),
            Fates = [.. records.Select(record => new RecordFindings(record))],
        };
        findings = await WithEarlierAsync(findings);
        findings = await WithRowsAsync(findings, records);
        if (findings.PairRows.Count > 0)
            return findings;
        findings = await WithProgressAsync(findings, group);
        return await WithLateCopiesAsync(findings);
    }

    async Task<Findings> WithDeadLettersAsync(Findings findings)
    {
        var fates = new List<RecordFindings>();
        var searches = new List<SearchEnd>();
        foreach (var record in findings.Asked.Select(found => found.Record!))
        {
            DeadCopy? copy = null;
            if (record.Fate == InputFate.DeadLetter)
            {
                (copy, var end) = await _outputs.DeadCopyAsync(Source(record), record.TimestampMs, _stopping);
                searches.Add(end);
            }

            fates.Add(new RecordFindings(record) { Dead = copy });
        }

        return findings with { Fates = fates, Searches = searches };
    }

    async Task<Findings> WithRowsAsync(Findings findings, List<InputRecord> records)
    {
        var renderer = new RowRenderer(_join);
        var candidates = records.Count == 1 && records[0].Key is not null ? await CandidatesAsync(records[0]) : null;
        var pairs = _definition.Type == JoinType.Attribution ? []
            : records.Count == 2 ? [renderer.Pair(records[0], records[1])]
            : (candidates?.OfKey ?? []).Select(other => Pair(renderer, records[0], other)).ToList();
        var values = pairs.Concat(records.Select(renderer.Alone)).ToList();
        var found = await _outputs.RowsAsync(records[0].Key, values, Earliest(records.Concat(candidates?.OfKey ?? [])), _stopping);
        return findings with
        {
            PairRows = records.Count == 2 && pairs.Count > 0 ? found.Rows[0] : [],
            Attributions = found.Attributions,
            Candidates = candidates is null ? null : candidates with { Rows = [.. found.Rows.Take(pairs.Count)] },
            Fates = [.. findings.Fates.Select((fate, i) => fate with { AloneRows = found.Rows[pairs.Count + i] })],
            Searches = [found.End],
        };
    }

    static byte[] Pair(RowRenderer renderer, InputRecord record, InputRecord other) =>
        record.Side == Side.Left ? renderer.Pair(record, other) : renderer.Pair(other, record);

    async Task<Candidates> CandidatesAsync(InputRecord record)
    {
        var ofKey = new List<InputRecord>();
        InputRecord? near = null;
        var folded = KeyHints.Folded(record.Key!);
        var end = await _records.ScanAsync(
            Names.Other(record.Side),
            other =>
            {
                if (other.Key is null)
                    return true;
                if (!other.Key.AsSpan().SequenceEqual(record.Key))
                    near ??= KeyHints.Folded(other.Key) == folded ? other : null;
                else if (ofKey.Count < RecordFinder.RecordsKept && !ofKey.Exists(first => IsCopy(first, other)))
                    ofKey.Add(other);
                return true;
            },
            _stopping);
        return new Candidates(ofKey, [], near, end);
    }

    async Task<Findings> WithProgressAsync(Findings findings, int group)
    {
        var partitions = findings.Fates.Select(fate => new TopicPartition(fate.Record.Topic, fate.Record.Partition)).Distinct().ToList();
        var committed = await _admin.CommittedAsync(_join.GroupId, partitions);
        var ends = await _admin.EndOffsetsAsync(partitions);
        var fates = new List<RecordFindings>();
        foreach (var fate in findings.Fates)
        {
            var (record, partition) = (fate.Record, new TopicPartition(fate.Record.Topic, fate.Record.Partition));
            fates.Add(fate with
            {
                Progress = new RecordProgress
                {
                    Origin = _live.Origin(record.Topic, record.Partition),
                    Applied = findings.Live?.Applied.GetValueOrDefault((record.Side, record.Partition)),
                    Committed = committed.TryGetValue(partition, out var offset) ? offset : null,
                    Reader = await _live.PartitionAsync(record.Topic, record.Partition, _stopping),
                    LogEnd = ends[partition],
                    Group = group,
                },
            });
        }

        return findings with { Fates = fates };
    }

    async Task<Findings> WithLateCopiesAsync(Findings findings)
    {
        var records = findings.Fates.Select(fate => fate.Record).ToList();
        var (copies, end) = await _outputs.LateCopiesAsync([.. records.Select(Source)], Earliest(records), _stopping);
        return findings with
        {
            Fates = [.. findings.Fates.Select(fate => fate with { Late = copies.GetValueOrDefault(Source(fate.Record)) })],
            Searches = [.. findings.Searches, end],
        };
    }

    async Task<Findings> WithEarlierAsync(Findings findings)
    {
        var fates = new List<RecordFindings>();
        foreach (var fate in findings.Fates)
            fates.Add(fate.Record.Id is null ? fate : fate with { Earlier = await EarlierAsync(fate.Record) });
        return findings with { Fates = fates };
    }

    // Between partitions the order is that of the Kafka timestamps, as far as anybody knows.
    async Task<InputRecord?> EarlierAsync(InputRecord record)
    {
        InputRecord? earlier = null;
        await _records.ScanAsync(
            record.Side,
            other =>
            {
                var isBefore = other.Partition == record.Partition ? other.Offset < record.Offset : other.TimestampMs < record.TimestampMs;
                if (isBefore && IsCopy(other, record) && IsOfKey(other, record))
                    earlier ??= other;
                return earlier is null;
            },
            _stopping);
        return earlier;
    }

    static bool IsCopy(InputRecord first, InputRecord other) =>
        first.Id is not null && other.Id is not null && first.Id.AsSpan().SequenceEqual(other.Id);

    static bool IsOfKey(InputRecord other, InputRecord record) =>
        (other.Key is null) == (record.Key is null) && other.Key.AsSpan().SequenceEqual(record.Key);

    static SourceRecord Source(InputRecord record) => new(record.Side, record.Partition, record.Offset);

    // No row and no copy has an earlier Kafka timestamp: it is the later event time, or the time of writing.
    static long Earliest(IEnumerable<InputRecord> records) =>
        records.Min(record => record.TimestampMs >= 0 ? Math.Min(record.Time, record.TimestampMs) : record.Time);
}
