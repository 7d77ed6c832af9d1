using Akka.Event;
using AkkaJoin.Pipeline.Routing;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Warns of a record whose event time lies far ahead of the clock, once for each: the time of its partition follows it, and the records behind it are late,
/// thousands of them, of which each names the watermark and none the record that moved it.
/// </summary>
/// <param name="join">The join's name.</param>
/// <param name="log">Its log.</param>
sealed class AheadWatch(string join, ILoggingAdapter log)
{
    const int RememberedMax = 10_000;

    readonly HashSet<NewestRecord> _told = [];

    /// <summary>How far ahead is too far, ms.</summary>
    internal const long LimitMs = 3_600_000;

    /// <summary>Looks at the records that hold the time of their partitions.</summary>
    internal void Look(IEnumerable<NewestRecord> newest, long nowMs)
    {
        foreach (var record in newest.Where(record => record.TimeMs - nowMs > LimitMs))
        {
            if (_told.Count < RememberedMax && _told.Add(record))
                PipelineLog.RecordIsAhead(log, join, record, nowMs);
        }
    }
}
