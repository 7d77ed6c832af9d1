using Akka.Event;
using AkkaJoin.Pipeline.Routing;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Warns of event times that can hardly be meant:
/// <list type="bullet">
/// <item>A record far ahead of the clock. The watermark of its partition follows it, so the records behind it are late.
/// The headers of a late record name the watermark, not the record that raised it. So the log names that record: once a
/// partition,
/// and again for a record that is as far ahead of the one that was named. (A clock that runs ahead would otherwise
/// cause a warning every second.)</item>
/// <item>A record that lies further above the highest time of its partition than max-jump: the same way, once a
/// partition, and again for one that is an hour and more above the one that was named.</item>
/// <item>A partition whose times all lie in the first years after 1970. Seconds that are read as milliseconds lie
/// there, and match nothing. It is named once a side.</item>
/// </list>
/// </summary>
/// <param name="join">The join's name.</param>
/// <param name="log">Its log.</param>
sealed class EventTimeWatch(string join, ILoggingAdapter log)
{
    // The event time that was warned of last, ms.
    readonly Dictionary<(Side Side, string Topic, int Partition), long> _toldMs = [];
    readonly Dictionary<(Side Side, string Topic, int Partition), long> _toldJumpMs = [];
    readonly HashSet<Side> _toldOld = [];

    /// <summary>How far ahead is too far, ms.</summary>
    internal const long LimitMs = 3_600_000;

    /// <summary>
    /// 1980, ms since the epoch. Seconds up to the year 9999, read as milliseconds, lie between 1970 and 1980; so does
    /// any unit that is read as a smaller one.
    /// </summary>
    internal const long OldMs = 315_532_800_000;

    /// <summary>Looks at the records that set the watermarks of their partitions.</summary>
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
                EngineLog.TimesAreOld(log, join, record);
            }
        }
    }

    /// <summary>Looks at the records that jumped.</summary>
    internal void Look(IEnumerable<JumpedRecord> jumped)
    {
        foreach (var jump in jumped)
        {
            if (IsTold(_toldJumpMs, jump.Record))
                continue;
            EngineLog.RecordJumped(log, join, jump.Record, jump.AboveMs);
        }
    }

    void TellAhead(NewestRecord record, long nowMs)
    {
        if (!IsTold(_toldMs, record))
            EngineLog.RecordIsAhead(log, join, record, nowMs);
    }

    static bool IsTold(Dictionary<(Side Side, string Topic, int Partition), long> told, NewestRecord record)
    {
        var partition = (record.Side, record.Topic, record.Partition);
        if (told.TryGetValue(partition, out var toldMs) && record.TimeMs - toldMs <= LimitMs)
            return true;
        told[partition] = record.TimeMs;
        return false;
    }
}
