using System.Globalization;
using Akka.Event;

namespace AkkaJoin.Pipeline.Kafka.Deduplicating;

/// <summary>Every log message about the tail of the output partitions.</summary>
static class TailReaderLog
{
    internal static void Read(
        ILoggingAdapter log, string join, long records, int partitions, double seconds, int groups, int found) => log.Info(
        "join {0}: read {1} records at the tail of {2} output partitions in {3} s for {4} key groups; {5} rows are there already and are "
        + "not written again",
        join, records, partitions, seconds.ToString("0.0", CultureInfo.InvariantCulture), groups, found);

    internal static void Removed(ILoggingAdapter log, string join, int partitions, string example, long removed, long begin) => log.Warning(
        "join {0}: the broker has deleted records of {1} output partitions that were written since the last confirmation; {2} begins at "
        + "{4}, {3} offsets further on. A row that was deleted with them is written again.",
        join, partitions, example, removed, begin);

    internal static void Waits(ILoggingAdapter log, string join, string reason) => log.Warning(
        "join {0}: the tail of the output partitions cannot be read ({1}); the read is tried again. Key groups that wait for it write no "
        + "rows yet.",
        join,
        reason);

    internal static void OfOtherTopics(ILoggingAdapter log, string join, int group) => log.Warning(
        "join {0}: the unconfirmed rows of key group {1} were meant for other output topics, so they are not looked for in the new ones; "
        + "all of them are written there",
        join, group);
}
