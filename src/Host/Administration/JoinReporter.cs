using System.Globalization;
using AkkaJoin.Host.Administration.Reports;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Batches;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Protocol;
using Confluent.Kafka;

namespace AkkaJoin.Host.Administration;

/// <summary>
/// Reports how the key groups of a join are. All who ask at the same time get one report: however many ask, a key group is asked by this
/// node once in a time-out.
/// </summary>
sealed class JoinReporter(JoinSettings join, JoinQuestions questions, SourceEnds ends, CancellationToken stopping)
{
    readonly Lock _gate = new();

    // The report that is being made, or the last one.
    Task<JoinReport>? _report;

    /// <summary>The join's name.</summary>
    internal string Name => join.Name;

    /// <summary>The join as it is now.</summary>
    internal Task<JoinReport> ReportAsync()
    {
        lock (_gate)
        {
            if (_report is null or { IsCompleted: true })
                _report = Task.Run(MakeAsync);
            return _report;
        }
    }

    async Task<JoinReport> MakeAsync()
    {
        var asked = ends.AskAsync(join.Left.Topic, join.Right.Topic);
        var homes = await questions.HomesAsync(stopping);
        var groups = Enumerable.Range(0, join.KeyGroups).Select(group => GroupAsync(group, homes.GetValueOrDefault(group)));
        var statuses = await Task.WhenAll(groups);
        var offsets = await asked;
        return new JoinReport(join.Name, [.. statuses.Select(group => Report(group.Group, group.Home, group.Status, offsets))]);
    }

    async Task<(int Group, GroupHome? Home, GroupStatus? Status)> GroupAsync(int group, GroupHome? home) =>
        (group, home, home is { HasGroup: true, IsReachable: true } ? await questions.StatusAsync(home, stopping) : null);

    GroupReport Report(int group, GroupHome? home, GroupStatus? status, IReadOnlyDictionary<TopicPartition, (long Start, long End)>? offsets) => status is null
        ? new GroupReport(group, home?.Node.ToString(), State(home))
        : new GroupReport(
            group,
            status.Node,
            GroupState.Running,
            status.Sequence,
            status.ConfirmedThrough,
            status.Unconfirmed,
            offsets is null ? null : Lag(status.Covered, offsets),
            status.Held,
            status.Left.Resting + status.Right.Resting,
            status.StateBytes,
            status.JournalBytes,
            status.SnapshotSequence == 0 ? null : new SnapshotReport(status.SnapshotSequence, DateTimeOffset.FromUnixTimeMilliseconds(status.SnapshotTimeMs)),
            Watermark(Side.Left, status.LeftWatermark, status.LeftHolder),
            Watermark(Side.Right, status.RightWatermark, status.RightHolder));

    static GroupState State(GroupHome? home) => home switch
    {
        null or { HasGroup: false } => GroupState.NotStarted,
        { IsReachable: false } => GroupState.Unreachable,
        _ => GroupState.Recovering,
    };

    // What was deleted cannot be read any more, and is no lag. A topic that is joined with itself counts once.
    long Lag(CoveredPartition[] covered, IReadOnlyDictionary<TopicPartition, (long Start, long End)> offsets)
    {
        var through = covered.GroupBy(c => new TopicPartition(Topic(c.Partition.Side), c.Partition.Partition)).ToDictionary(g => g.Key, g => g.Min(c => c.Through));
        return offsets.Sum(p => Math.Max(0, p.Value.End - Math.Max(p.Value.Start, through.GetValueOrDefault(p.Key))));
    }

    WatermarkReport Watermark(Side side, long watermark, string holder) => new(
        watermark <= SideWatermarks.None ? null : watermark,
        Topic(side),
        int.Parse(holder.AsSpan(holder.LastIndexOf('/') + 1), CultureInfo.InvariantCulture));

    string Topic(Side side) => side == Side.Left ? join.Left.Topic : join.Right.Topic;
}
