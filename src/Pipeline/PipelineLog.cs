using Akka.Event;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Routing;

namespace AkkaJoin.Pipeline;

/// <summary>Every log message of the engine.</summary>
static class PipelineLog
{
    internal static void FormatIsNotAnnounced(ILoggingAdapter log, string role) =>
        log.Warning("the cluster role {0} is not among akka.cluster.roles: set the application's roles before WithAkkaJoin is called. Until then all nodes write the oldest format.", role);

    internal static void NotGuarded(ILoggingAdapter log) =>
        log.Warning("this actor system takes from the network whatever Akka's serializers make of it, so whoever reaches its port can run code in it: add WithAkkaJoinGuard(), see docs/security.md");

    internal static void Started(ILoggingAdapter log, string join, string definition) => log.Info("join {0} starts: {1}", join, definition);

    internal static void TopicsCreated(ILoggingAdapter log, string join, IEnumerable<string> topics) =>
        log.Info("join {0}: created {1}", join, string.Join(", ", topics));

    internal static void RecordIsAhead(ILoggingAdapter log, string join, NewestRecord record, long nowMs) =>
        log.Warning(
            "join {0}: the record {1} has the event time {2}, {3} h ahead of the clock, and moves the {4} time of its partition there: what comes behind it is late once the other partitions have passed. Correct the clock or the unit of what wrote it, or left.time-format and right.time-format.",
            join, $"{record.Topic}/{record.Partition}@{record.Offset}", When(record.TimeMs), (record.TimeMs - nowMs) / 3_600_000, record.Side == Shards.Definition.Side.Left ? "left" : "right");

    internal static void TimesAreOld(ILoggingAdapter log, string join, NewestRecord record) =>
        log.Warning(
            "join {0}: the record {1} has the event time {2}, and no record of its partition a later one. If they are not that old, their unit is another one: correct {3}.time-format.",
            join, $"{record.Topic}/{record.Partition}@{record.Offset}", When(record.TimeMs), record.Side == Shards.Definition.Side.Left ? "left" : "right");

    // Beyond the year 9999 there is no date for it.
    static string When(long ms) => ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
        ? DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture)
        : ms.ToString(System.Globalization.CultureInfo.InvariantCulture) + " ms since 1970";

    internal static void OutputTopic(ILoggingAdapter log, string join, string warning) => log.Warning("join {0}: {1}", join, warning);

    internal static void RetentionIsShort(ILoggingAdapter log, string join, string topic, long retentionMs, long ageMs) =>
        log.Warning(
            "join {0}: {1} keeps records for {2} h, but the data is {3} h old and rows carry its event times: the broker will delete them. Set output.timestamp = now, or a longer retention.ms.",
            join, topic, retentionMs / 3_600_000, ageMs / 3_600_000);

    internal static void TransactionsAreOpen(ILoggingAdapter log, string join, string partitions, bool keepsOpen) =>
        log.Warning(
            "join {0}: a transaction is open; not read in this run: {1}. {2}",
            join, partitions, keepsOpen ? "Time is left open, so that a later run finds their partners" : "Time is closed all the same, as told to: they will be late");

    internal static void PartitionsAdded(ILoggingAdapter log, string join, string topic, int before, int now) =>
        log.Warning(
            "join {0}: {1} has {3} partitions, it had {2}. The new ones are read from their first record; what was written to them before they were found may be late, since time went on without them.",
            join, topic, before, now);

    internal static void JournalIsAhead(ILoggingAdapter log, string join, int partitions, long offsets, PartitionStart example, long covered) =>
        log.Warning(
            "join {0}: {1} offsets of {2} partitions have been joined already and are not joined again; {3} begins at {5} instead of {4}. So it is after a crash. If offsets were reset, or the group-id was changed, to join them anew: that takes an empty journal as well, and another group-id and output topic.",
            join, offsets, partitions, $"{example.Topic}/{example.Partition}", example.WasCommitted ? Text(example.CommittedOffset) : "its start", covered);

    internal static void JournalIsBehind(ILoggingAdapter log, string join, string topic, int partition, long committed, long covered) =>
        log.Warning(
            "join {0}: {1}/{2} has the committed offset {3}, but the journal ends at {4}. It was rolled back, or offsets were moved. The partition is read again from {4}; nothing is skipped, and rows of the events that are lost come again under other ids.",
            join, topic, partition, committed, covered);

    internal static void TailRead(ILoggingAdapter log, string join, long records, int partitions, double seconds, int groups, int found) =>
        log.Info(
            "join {0}: read {1} records at the tail of {2} output partitions in {3} s for {4} key groups; {5} rows are there already and are not written again",
            join, records, partitions, seconds.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture), groups, found);

    internal static void TailRemoved(ILoggingAdapter log, string join, int partitions, string example, long removed, long begin) =>
        log.Warning(
            "join {0}: {1} output partitions no longer hold all that was written since the last confirmation; {2} begins at {4}, {3} offsets further on. A row that was removed with it is written again.",
            join, partitions, example, removed, begin);

    internal static void TailWaits(ILoggingAdapter log, string join, string reason) =>
        log.Warning("join {0}: the tail of the output partitions cannot be read ({1}); trying on. Key groups that wait for it write no rows yet.", join, reason);

    internal static void TailOfOtherTopics(ILoggingAdapter log, string join, int group) =>
        log.Warning(
            "join {0}: the unconfirmed rows of key group {1} were meant for other output topics, so they are not looked for in the new ones; all of them are written there",
            join, group);

    internal static void FieldIsMissing(ILoggingAdapter log, string join, string warning) => log.Warning("join {0}: {1}", join, warning);

    internal static void MemoryIsNear(ILoggingAdapter log, string join, string used, string budget, string held) =>
        log.Warning(
            "join {0}: {1} of the memory budget of {2} are in use. Until it is less, only the partition that is furthest behind in event time is read. Held: {3}",
            join, used, budget, held);

    internal static void MemoryIsFull(ILoggingAdapter log, string join, string used, string budget, string held) =>
        log.Warning("join {0}: {1} of the memory budget of {2} are in use. Nothing is read until it is less. Held: {3}", join, used, budget, held);

    internal static void MemoryIsFree(ILoggingAdapter log, string join, string used, string budget) =>
        log.Info("join {0}: {1} of the memory budget of {2} are in use; everything is read again", join, used, budget);

    internal static string StateDoesNotFit(string used, string budget, string held) =>
        $"the state does not fit the memory budget of {budget}: {used} are in use, and it did not become less while nothing was read. Held: {held}. Set a larger memory.budget, or state.directory to hold the records on disk, a shorter window or max-out-of-orderness, or run more nodes. Nothing is lost: the journal has all that was read.";

    internal static void CoordinatorIsLost(ILoggingAdapter log, string join, int seconds) =>
        log.Error(
            "join {0}: this node is the oldest, and for {1} s no coordinator of the key groups has come up on it. It leaves the cluster and ends with 3, to be started again; nothing is lost.",
            join, seconds);

    internal static void LeaseLost(ILoggingAdapter log, string holder) =>
        log.Error("{0}, which is no member of this node's cluster, holds the journal now; the joins of this node stop", holder);

    internal static void LeaseUnreachable(ILoggingAdapter log, Exception cause) =>
        log.Warning("the journal's lease could not be renewed; it is tried again: {0}", cause.Message);

    internal static void WaitsForLease(ILoggingAdapter log, string reason) => log.Warning("the joins wait for the journal: {0}", reason);

    internal static void WaitsForApplicationsCluster(ILoggingAdapter log) => log.Warning(
        "the joins wait until this actor system is a member of a cluster: it was told to join none, or none has let it in. A cluster of one is formed by joining oneself.");

    internal static void NoDowning(ILoggingAdapter log) => log.Warning(
        "akka.cluster.downing-provider-class is none: nobody takes a dead node out of this cluster, and its key groups stay away until an operator does. "
        + "Leave the key out, and the split brain resolver does it.");

    internal static void Draining(ILoggingAdapter log, string join) => log.Info("join {0}: draining", join);

    internal static void FlushTimedOut(ILoggingAdapter log, string join) =>
        log.Warning("join {0}: not every key group journaled its confirmations before the stop; some rows will be written again, with the ids they have", join);

    internal static void Failed(ILoggingAdapter log, string join, Exception reason) => log.Error("join {0} cannot go on: {1}", join, reason.Message);

    internal static void FailedHandler(ILoggingAdapter log, Exception reason) =>
        log.Error(reason, "the application's own method that is told of failed joins failed");

    internal static void Ended(ILoggingAdapter log, string join) => log.Info("join {0}: ended", join);

    static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
