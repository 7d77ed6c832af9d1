using Akka.Event;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Warns of event times that can hardly be meant. A record far ahead of the clock is named, once each: the time of its partition follows it, and the records
/// behind it are late, thousands of them, of which each names the watermark and none the record that moved it. A partition all of whose times lie in the
/// first years after 1970 is named once a side: seconds that are read as milliseconds lie there, and match nothing.
/// </summary>
/// <param name="join">The join's name.</param>
/// <param name="log">Its log.</param>
sealed class EventTimeWatch(string join, ILoggingAdapter log)
{
    const int RememberedMax = 10_000;

    readonly HashSet<NewestRecord> _told = [];
    readonly HashSet<Side> _toldOld = [];

    /// <summary>How far ahead is too far, ms.</summary>
    internal const long LimitMs = 3_600_000;

    /// <summary>1980. Seconds up to the year 9999, read as milliseconds, lie between 1970 and here; so does any unit read as a smaller one.</summary>
    internal const long OldMs = 315_532_800_000;

    /// <summary>Looks at the records that hold the time of their partitions.</summary>
    internal void Look(IEnumerable<NewestRecord> newest, long nowMs)
    {
        foreach (var record in newest)
        {
            if (record.TimeMs - nowMs > LimitMs)
            {
                if (_told.Count < RememberedMax && _told.Add(record))
                    PipelineLog.RecordIsAhead(log, join, record, nowMs);
            }
            else if (record.TimeMs is > 0 and < OldMs && _toldOld.Add(record.Side))
            {
                PipelineLog.TimesAreOld(log, join, record);
            }
        }
    }
}
