using AkkaJoin.Pipeline.Routing;

namespace AkkaJoin.Cockpit.Live;

/// <summary>Since when the partitions that this node reads are as they are, as exact as it looks often.</summary>
sealed class PartitionHistory
{
    readonly Dictionary<(string Topic, int Partition), (PauseReason Reason, long SinceMs)> _pauses = [];
    readonly Dictionary<(Side Side, int Partition), (long Watermark, long SinceMs)> _watermarks = [];

    /// <summary>Looks at them.</summary>
    internal void Look(long nowMs, RouterStatus? router)
    {
        if (router is null)
        {
            _pauses.Clear();
            _watermarks.Clear();
            return;
        }

        foreach (var partition in router.Partitions)
        {
            var key = (partition.Topic, partition.Number);
            if (!_pauses.TryGetValue(key, out var pause) || pause.Reason != partition.PausedBy)
                _pauses[key] = (partition.PausedBy, nowMs);
            foreach (var (id, watermark) in partition.Watermarks)
            {
                if (!_watermarks.TryGetValue((id.Side, id.Partition), out var known) || known.Watermark != watermark)
                    _watermarks[(id.Side, id.Partition)] = (watermark, nowMs);
            }
        }
    }

    /// <summary>Since when it is paused for the reason it has now; null = it is not.</summary>
    internal long? PausedSince(string topic, int partition) =>
        _pauses.TryGetValue((topic, partition), out var pause) && pause.Reason != PauseReason.None ? pause.SinceMs : null;

    /// <summary>When its watermark changed last; null = not known.</summary>
    internal long? WatermarkSince(Side side, int partition) =>
        _watermarks.TryGetValue((side, partition), out var known) ? known.SinceMs : null;
}
