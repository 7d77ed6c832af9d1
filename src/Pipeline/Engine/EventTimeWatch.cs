using Akka.Event;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Warns of event times that can hardly be meant. A record far ahead of the clock is named: the time of its partition follows it, and the records
/// behind it are late, thousands of them, of which each names the watermark and none the record that moved it. It is named once a partition, and again where
/// one lies as far ahead of the one that was named: a clock that runs ahead would else be told of every second. A partition all of whose times lie in the
/// first years after 1970 is named once a side: seconds that are read as milliseconds lie there, and match nothing.
/// </summary>
/// <param name="join">The join's name.</param>
/// <param name="log">Its log.</param>
sealed class EventTimeWatch(string join, ILoggingAdapter log)
{
    // The event time that was named last, ms.
    readonly Dictionary<(Side Side, string Topic, int Partition), long> _toldMs = [];
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
                TellAhead(record, nowMs);
            }
            else if (record.TimeMs is > 0 and < OldMs && _toldOld.Add(record.Side))
            {
                PipelineLog.TimesAreOld(log, join, record);
            }
        }
    }

    void TellAhead(NewestRecord record, long nowMs)
    {
        var partition = (record.Side, record.Topic, record.Partition);
        if (_toldMs.TryGetValue(partition, out var told) && record.TimeMs - told <= LimitMs)
            return;
        _toldMs[partition] = record.TimeMs;
        PipelineLog.RecordIsAhead(log, join, record, nowMs);
    }
}
