using System.Globalization;
using AkkaJoin.Cockpit.Questions;
using AkkaJoin.Cockpit.Reports;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards.Join;
using AkkaJoin.Shards.Protocol;
using Confluent.Kafka;

namespace AkkaJoin.Cockpit.Live;

/// <summary>Makes the watermark board of what key groups, nodes and Kafka answer.</summary>
/// <param name="join">The join.</param>
/// <param name="groups">What the key groups answered.</param>
/// <param name="nodes">What the nodes read.</param>
/// <param name="ends">Where the partitions begin and end; null = Kafka did not answer.</param>
/// <param name="nowMs">ms since the epoch by the wall clock.</param>
sealed class BoardReports(
    JoinSettings join,
    IReadOnlyList<KeyGroupAnswer> groups,
    IReadOnlyList<NodeReply<NodeSources>> nodes,
    IReadOnlyDictionary<TopicPartition, (long Start, long End)>? ends,
    long nowMs)
{
    /// <summary>A partition with something to read that sent nothing for this long is silent, ms.</summary>
    internal const long SilentMs = 10_000;

    readonly List<KeyGroupStatus> _running = [.. groups.Select(group => group.Status).OfType<KeyGroupStatus>()];

    internal BoardReport Make()
    {
        var partitions = Partitions(Side.Left).Concat(Partitions(Side.Right)).ToList();
        var newest = NewestTime();
        var (left, right) = (Of(Side.Left), Of(Side.Right));
        return new BoardReport(
            join.Name,
            nowMs,
            left,
            right,
            [
                .. partitions.Select(p => p with
                {
                    BehindMs = NewestTime(p) is { } own ? newest - own : null,
                    HoldsBack = p.Partition == (p.Side == Side.Left ? left : right).HeldBy,
                }),
            ],
            [.. nodes.Select(node => node.Missing).OfType<MissingNode>()]);
    }

    BoardSide Of(Side side)
    {
        var isLeft = side == Side.Left;
        var slowest = _running.MinBy(status => isLeft ? status.LeftWatermark : status.RightWatermark);
        var watermark = isLeft ? slowest?.LeftWatermark : slowest?.RightWatermark;
        var holder = (isLeft ? slowest?.LeftHolder : slowest?.RightHolder) is { } text
            ? int.Parse(text.AsSpan(text.LastIndexOf('/') + 1), CultureInfo.InvariantCulture)
            : (int?)null;
        return new BoardSide(
            side,
            join.Source(side).Topic,
            watermark is > SideWatermarks.None and < SideWatermarks.End ? watermark : null,
            holder,
            holder is { } partition ? Reads(side, partition).Select(read => read.Side.WatermarkSinceMs).FirstOrDefault() : null,
            _running.Sum(status => isLeft ? status.Right.Waiting : status.Left.Waiting),
            _running.Sum(status => status.StateBytes));
    }

    // Every partition that a node reads, or that Kafka knows.
    IEnumerable<BoardPartition> Partitions(Side side)
    {
        var topic = join.Source(side).Topic;
        var read = nodes.SelectMany(node => node.Result?.Partitions ?? []).Where(p => p.Topic == topic).Select(p => p.Partition);
        var known = ends?.Keys.Where(p => p.Topic == topic).Select(p => p.Partition.Value) ?? [];
        return read.Concat(known).Distinct().Order().Select(partition => Of(side, topic, partition));
    }

    BoardPartition Of(Side side, string topic, int partition)
    {
        if (Reads(side, partition).FirstOrDefault() is not { Source: { } source } read)
            return new BoardPartition(side, topic, partition, BoardState.NotRead) { Lag = Lag(topic, partition, null) };
        var lag = Lag(topic, partition, source);
        var (state, reason, since) = State(source, lag);
        return new BoardPartition(side, topic, partition, state)
        {
            Node = read.Node,
            Reason = reason,
            SinceMs = since,
            WatermarkMs = read.Side.WatermarkMs,
            Lag = lag,
            LastRecordMs = source.Consumed > 0 ? source.HeardAtMs : null,
        };
    }

    (BoardState State, BoardReason Reason, long? SinceMs) State(SourceReport source, long? lag)
    {
        if (source.Phase != PartitionPhase.Reading)
            return (source.Phase == PartitionPhase.Asking ? BoardState.Starting : BoardState.Leaving, BoardReason.None, source.HeardAtMs);
        if (source.PausedBy != PauseReason.None)
            return (BoardState.Paused, Reason(source), source.PausedSinceMs);
        if (source.IsFinished)
            return (BoardState.Finished, BoardReason.None, source.HeardAtMs);
        if (source.IdleSinceMs is { } idleSinceMs && lag is not > 0)
            return (BoardState.Idle, BoardReason.None, idleSinceMs);
        if (nowMs - source.HeardAtMs <= SilentMs)
            return (BoardState.Active, BoardReason.None, null);
        return lag is > 0
            ? (BoardState.Silent, BoardReason.Broker, source.HeardAtMs)
            : (BoardState.AtEnd, BoardReason.None, source.HeardAtMs);
    }

    static BoardReason Reason(SourceReport source) => source.PausedBy switch
    {
        PauseReason.Alignment => BoardReason.Alignment,
        PauseReason.DeadLetters => BoardReason.DeadLetters,
        PauseReason.Order => BoardReason.Order,
        PauseReason.Rate => BoardReason.Rate,
        PauseReason.Returning => BoardReason.Returning,
        _ when source.PausedByMemory => BoardReason.Memory,
        _ => BoardReason.InFlightBytes,
    };

    // While a partition moves two nodes may say that they read it.
    IEnumerable<(string Node, SourceReport Source, SourceSideReport Side)> Reads(Side side, int partition)
    {
        foreach (var node in nodes)
        {
            foreach (var source in node.Result?.Partitions ?? [])
            {
                if (source.Partition == partition && source.Sides.FirstOrDefault(each => each.Side == side) is { } found)
                    yield return (node.Node, source, found);
            }
        }
    }

    // What was deleted cannot be read any more, and is no lag.
    long? Lag(string topic, int partition, SourceReport? source)
    {
        if (ends is null || !ends.TryGetValue(new TopicPartition(topic, partition), out var end))
            return source is { LogEnd: >= 0 } ? Math.Max(0, source.LogEnd - source.Position) : null;
        return Math.Max(0, end.End - Math.Max(end.Start, source?.Position ?? end.Start));
    }

    long? NewestTime() => nodes.SelectMany(node => node.Result?.Partitions ?? [])
        .SelectMany(source => source.Sides).Max(side => side.NewestTimeMs);

    long? NewestTime(BoardPartition partition) =>
        Reads(partition.Side, partition.Partition).Select(read => read.Side.NewestTimeMs).FirstOrDefault();
}
