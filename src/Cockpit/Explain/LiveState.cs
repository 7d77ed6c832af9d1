using System.Globalization;
using AkkaJoin.Cockpit.Explain.Live;
using AkkaJoin.Cockpit.Explain.Search;
using AkkaJoin.Cockpit.Live;
using AkkaJoin.Cockpit.Questions;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;
using Confluent.Kafka;

namespace AkkaJoin.Cockpit.Explain;

/// <summary>What the key groups and routers of all nodes tell. Of one explanation.</summary>
/// <param name="join">The join.</param>
/// <param name="questions">What is asked of the cluster.</param>
/// <param name="sources">What each node reads of the join.</param>
/// <param name="running">The join as it runs on this node; null = it does not.</param>
sealed class LiveState(
    JoinSettings join,
    JoinQuestions questions,
    Func<CancellationToken, Task<IReadOnlyList<NodeReply<NodeSources>>>> sources,
    RunningJoin? running) : ILiveState
{
    Task<IReadOnlyList<NodeReply<NodeSources>>>? _sources;

    /// <inheritdoc/>
    public JoinDefinition? Definition => running?.Definition;

    /// <inheritdoc/>
    public long NowMs => running?.Orders?.NowMs ?? DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public async Task<LiveKey?> KeyAsync(int group, IReadOnlyList<InputRecord> records, CancellationToken stopping)
    {
        var locations = await questions.LocationsAsync(stopping);
        if (locations.GetValueOrDefault(group) is not { HasKeyGroup: true, IsReachable: true } location
            || await questions.StatusAsync(location, stopping) is not { } status)
            return null;
        var read = await SourcesAsync(stopping);
        return new LiveKey(
            group,
            status.Node,
            Watermark(read, Side.Left, status.LeftWatermark, status.LeftHolder),
            Watermark(read, Side.Right, status.RightWatermark, status.RightHolder),
            status.Applied.ToDictionary(a => (a.Partition.Side, a.Partition.Partition), a => a.Offset),
            status.Unconfirmed)
        {
            // Asked after the applied offsets: what is applied by then is among them.
            Entries = await EntriesAsync(records, stopping),
        };
    }

    /// <inheritdoc/>
    public async Task<LivePartition?> PartitionAsync(string topic, int partition, CancellationToken stopping)
    {
        foreach (var reply in await SourcesAsync(stopping))
        {
            var read = reply.Result?.Partitions.FirstOrDefault(
                p => p.Topic == topic && p.Partition == partition && p.Phase != PartitionPhase.Revoked);
            if (read is not null)
                return new LivePartition(read.Position, read.LogEnd, Paused(read), reply.Node);
        }

        return null;
    }

    /// <inheritdoc/>
    public long? Origin(string topic, int partition)
    {
        try
        {
            return running?.Origin(new TopicPartition(topic, partition));
        }
        catch (JournalException)
        {
            return null;
        }
    }

    // Null where they are not told, or there are more than a report holds.
    async Task<IReadOnlyList<LiveEntry>?> EntriesAsync(IReadOnlyList<InputRecord> records, CancellationToken stopping)
    {
        if (records[0].Key is not { } key || key.Length > AskKey.BytesMax / 2)
            return null;
        var (from, to) = (records.Min(r => r.Time), records.Max(r => r.Time));
        var found = new List<LiveEntry>();
        foreach (var id in records.Select(record => record.Id is { Length: <= AskKey.BytesMax / 2 } own ? own : []))
        {
            AskKey Ask(int group) => new(group, key, from, to, AskKey.LimitMax) { Id = id };
            if ((await questions.KeyAsync(key, Ask, stopping)).Report is not { } report
                || report.Left.Count > report.Left.Entries.Length || report.Right.Count > report.Right.Entries.Length)
                return null;
            found.AddRange(report.Left.Entries.Select(entry => Entry(Side.Left, entry)));
            found.AddRange(report.Right.Entries.Select(entry => Entry(Side.Right, entry)));
        }

        return found;
    }

    static LiveEntry Entry(Side side, KeyEntry entry)
    {
        var state = entry.State switch
        {
            KeyEntryState.Waiting => LiveEntryState.Waiting,
            KeyEntryState.AwaitsRight => LiveEntryState.AwaitsRight,
            KeyEntryState.Repairable when !entry.IsMatched => LiveEntryState.Repairable,
            _ => entry.IsMatched ? LiveEntryState.Matched : LiveEntryState.Closed,
        };
        return new LiveEntry(side, entry.Partition, entry.Offset, entry.TimeMs, entry.Id, state);
    }

    Task<IReadOnlyList<NodeReply<NodeSources>>> SourcesAsync(CancellationToken stopping) => _sources ??= sources(stopping);

    LiveWatermark Watermark(IReadOnlyList<NodeReply<NodeSources>> read, Side side, long watermark, string holder)
    {
        var topic = join.Source(side).Topic;
        var partition = int.Parse(holder.AsSpan(holder.LastIndexOf('/') + 1), CultureInfo.InvariantCulture);
        var since = read.SelectMany(reply => reply.Result?.Partitions ?? [])
            .Where(p => p.Topic == topic && p.Partition == partition)
            .SelectMany(p => p.Sides)
            .FirstOrDefault(s => s.Side == side)?.WatermarkSinceMs;
        return new LiveWatermark(watermark <= SideWatermarks.None ? null : watermark, $"{topic}/{partition}")
        {
            Since = since is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null,
            IsAtRest = running?.Orders?.Current.Time(restsWhilePaused: join.Type == JoinType.Attribution).IsAtRest == true,
        };
    }

    static string? Paused(SourceReport read) => read.PausedBy switch
    {
        PauseReason.InFlightBytes when read.PausedByMemory => "the node's memory is used up",
        PauseReason.InFlightBytes => "what was read of it is not acknowledged by the key groups",
        PauseReason.Alignment => "it is too far ahead of the slowest partition in event time (max-drift)",
        PauseReason.Order => "somebody paused its side (join pause); join resume reads on",
        PauseReason.Rate => "the join reads as many records per second as it may (join rate, max-rate)",
        PauseReason.Returning => "the other side was paused and is read first, until it is no longer behind",
        PauseReason.DeadLetters => "its dead letters wait for the broker",
        _ => null,
    };
}
