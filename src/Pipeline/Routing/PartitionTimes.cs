namespace AkkaJoin.Pipeline.Routing;

/// <summary>
/// How long the partitions of one router gave nothing, and were held back, for the metrics. It looks at the router once
/// a tick, so that a record costs nothing; that is how exact it is.
/// </summary>
sealed class PartitionTimes
{
    readonly Dictionary<(string Topic, int Partition), Rest> _rests = [];
    long? _seenMs;

    /// <summary>Looks at the router.</summary>
    /// <param name="status">The router as it is now.</param>
    /// <param name="nowMs">The router's time.</param>
    /// <returns>The partitions that it reads; a new list each time.</returns>
    internal IReadOnlyList<PartitionTime> See(RouterStatus status, long nowMs)
    {
        var passedMs = nowMs - (_seenMs ?? nowMs);
        _seenMs = nowMs;
        var times = new List<PartitionTime>(status.Partitions.Count);
        foreach (var partition in status.Partitions)
        {
            var key = (partition.Topic, partition.Number);
            if (!_rests.TryGetValue(key, out var rest))
                _rests[key] = rest = new Rest(nowMs, partition.Position);
            rest.See(partition, passedMs, nowMs);
            times.Add(new PartitionTime(partition.Topic, partition.Number, nowMs - rest.MovedMs, rest.Paused()));
        }

        return times;
    }

    // Kept for a partition that is gone, too: it may come back, and a counter does not fall.
    sealed class Rest(long nowMs, long position)
    {
        readonly long[] _pausedMs = new long[Enum.GetValues<PauseReason>().Length];
        long _position = position;

        internal long MovedMs { get; private set; } = nowMs;

        internal void See(RouterStatus.Partition partition, long passedMs, long now)
        {
            if (partition.Position != _position)
                (_position, MovedMs) = (partition.Position, now);
            if (partition.PausedBy != PauseReason.None)
                _pausedMs[(int)partition.PausedBy] += passedMs;
        }

        internal (PauseReason Reason, long Ms)[] Paused() =>
            [.. Enum.GetValues<PauseReason>().Select(reason => (reason, _pausedMs[(int)reason])).Where(paused => paused.Item2 > 0)];
    }
}

/// <summary>How long a partition rested.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition's number.</param>
/// <param name="IdleMs">Since a record was read last, ms.</param>
/// <param name="Paused">How long it was not read on, ms, by reason; reasons that there were.</param>
sealed record PartitionTime(string Topic, int Partition, long IdleMs, IReadOnlyList<(PauseReason Reason, long Ms)> Paused);
