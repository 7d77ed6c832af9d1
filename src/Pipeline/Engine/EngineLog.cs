using System.Globalization;
using Akka.Event;
using AkkaJoin.Pipeline.Engine.Orders;
using AkkaJoin.Pipeline.Kafka;
using AkkaJoin.Pipeline.Routing;
using AkkaJoin.Pipeline.RowReading;
using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Shards;
using AkkaJoin.Shards.Definition;
using AkkaJoin.Shards.Flow;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>Every log message of a join on this node.</summary>
static class EngineLog
{
    internal static void TopicsCreated(ILoggingAdapter log, string join, IEnumerable<string> topics) =>
        log.Info("join {0}: created {1}", join, string.Join(", ", topics));

    internal static void OutputTopic(ILoggingAdapter log, string join, string warning) => log.Warning("join {0}: {1}", join, warning);

    internal static void FieldIsMissing(ILoggingAdapter log, string join, string warning) => log.Warning("join {0}: {1}", join, warning);

    internal static void Draining(ILoggingAdapter log, string join) => log.Info("join {0}: draining", join);

    internal static void OrderIs(ILoggingAdapter log, string join, FlowOrder order) =>
        log.Info("join {0}: from now on {1}", join, FlowOrderWords.Of(order));

    internal static void OrderStays(ILoggingAdapter log, string join, FlowOrder order) => log.Warning(
        "join {0}: {1}, since somebody asked for it. To go on: {2}.", join, FlowOrderWords.Of(order), Undo(join, order));

    static string Undo(string join, FlowOrder order) => string.Join(
        " and ",
        (string[])
        [
            .. order.Left.IsPaused || order.Right.IsPaused ? (string[])[$"\"join resume {join}\""] : [],
            .. order.Rest.IsAtRest ? (string[])[$"\"join wake {join}\""] : [],
        ]);

    internal static void EndStaysOpen(ILoggingAdapter log, string join) => log.Warning(
        "join {0}: its time rests, since somebody asked for it. So the end of its input stays open, as with --keep-open: records that "
            + "wait are kept. Wake it and run again.",
        join);

    internal static void OrderIsUnread(ILoggingAdapter log, string join, string? reason)
    {
        if (reason is null)
            log.Info("join {0}: what is asked of it (pause, rest, rate) can be read again", join);
        else
            log.Warning("join {0}: what is asked of it (pause, rest, rate) cannot be read, so it goes on as it is: {1}", join, reason);
    }

    internal static void OrderIsUnknown(ILoggingAdapter log, string join, string members) => log.Warning(
        "join {0}: it is paused, rests or has a rate, and {1} is of an earlier release, which does not know that and reads all. "
            + "Upgrade it, or stop it.",
        join, members);

    internal static void SilenceHoldsTime(ILoggingAdapter log, string join, IdlePolicy policy, string members) => log.Warning(
        "join {0}: a partition without new records holds time back, though idle.policy is {1}, since {2} is of an earlier "
            + "release, which does not know that policy. Upgrade it, or stop it.",
        join, SettingWords.Of(policy), members);

    internal static void SilenceHoldsTimeNoMore(ILoggingAdapter log, string join) => log.Info(
        "join {0}: every node is of this release, so a partition without new records holds time back no more", join);

    internal static void Ended(ILoggingAdapter log, string join) => log.Info("join {0}: ended", join);

    internal static void FlushTimedOut(ILoggingAdapter log, string join) => log.Warning(
        "join {0}: the last flush timed out: some key groups did not journal which of their rows are confirmed. "
            + "The next start writes some rows again, with the same ids.",
        join);

    internal static void RecordIsAhead(ILoggingAdapter log, string join, NewestRecord record, long nowMs) => log.Warning(
        "join {0}: the record {1} has the event time {2}, {3} h ahead of the clock. It moves the {4} watermark of its partition "
            + "there, so the records "
        + "behind it are late once the other partitions have passed. Correct the clock or the unit of the application that wrote "
        + "it, or left.time-format and right.time-format; max-ahead-of-wall-clock makes dead letters of such records, and with "
            + "max-jump they do not move time.",
        join, Address(record), When(record.TimeMs), (record.TimeMs - nowMs) / 3_600_000, SideOf(record));

    internal static void RecordJumped(ILoggingAdapter log, string join, NewestRecord record, long aboveMs) => log.Warning(
        "join {0}: the record {1} has the event time {2}, {3} s above the highest time of its partition on the {4} side: "
            + "further than max-jump. It joins, but moves time only if the next records lie near it. If such steps are "
            + "usual, set max-jump higher; if not, correct the clock of the application that wrote it.",
        join, Address(record), When(record.TimeMs), (record.TimeMs - aboveMs) / 1_000, SideOf(record));

    internal static void TimesAreOld(ILoggingAdapter log, string join, NewestRecord record) => log.Warning(
        "join {0}: the record {1} has the event time {2}, and no record of its partition has a later one. If they are not that "
            + "old, their unit is another one: correct {3}.time-format; min-time makes dead letters of such records.",
        join, Address(record), When(record.TimeMs), SideOf(record));

    internal static void RetentionIsShort(ILoggingAdapter log, string join, string topic, long retentionMs, long ageMs) => log.Warning(
        "join {0}: {1} keeps records for {2} h, but the records are {3} h old and rows carry their event times: the broker will "
            + "delete the rows. Set output.timestamp = now, or a longer retention.ms.",
        join, topic, retentionMs / 3_600_000, ageMs / 3_600_000);

    internal static void TransactionsAreOpen(ILoggingAdapter log, string join, string partitions, bool keepsOpen) => log.Warning(
        "join {0}: a transaction is open; this run does not read {1}. {2}",
        join, partitions, keepsOpen ? "The input is not ended, so that a later run finds their partners" : "The input is ended "
            + "all the same, as --close-anyway says: these records will be late");

    internal static void PartitionsAdded(ILoggingAdapter log, string join, string topic, int before, int now) => log.Warning(
        "join {0}: {1} has {3} partitions; it had {2}. The new ones are read from their first record. Records that were written "
            + "there before now may be late, since time went on without them.",
        join, topic, before, now);

    internal static void JournalIsAhead(
        ILoggingAdapter log, string join, int partitions, long offsets, PartitionStart example, long applied) => log.Warning(
        "join {0}: {1} offsets of {2} partitions have been joined already and are not joined again; {3} starts at {5} instead of "
            + "{4}. This is normal after a crash. "
        + "If you reset offsets or changed group-id to join them anew, start with an empty journal too, and with another "
        + "group-id and output topic.",
        join,
        offsets,
        partitions,
        $"{example.Topic}/{example.Partition}",
        example.WasCommitted ? example.CommittedOffset.ToString(CultureInfo.InvariantCulture) : "its start",
        applied);

    internal static void JournalIsBehind(
        ILoggingAdapter log, string join, string topic, int partition, long committed, long applied) => log.Warning(
        "join {0}: {1}/{2} has the committed offset {3}, but the journal ends at {4}. The journal was rolled back, or offsets "
            + "were moved. The partition is read again from {4}; "
        + "nothing is skipped. Rows of the events that the journal lost come again under other ids.",
        join, topic, partition, committed, applied);

    internal static void MemoryGrowsWhileHeld(ILoggingAdapter log, string join, string used, string budget) => log.Warning(
        "join {0}: {1} of the memory budget of {2} are in use. Somebody paused the join or lets its time rest, so its state only grows. "
            + "At 95 % it reads nothing more. To go on: \"join resume {0}\" or \"join wake {0}\".",
        join, used, budget);

    internal static void MemoryWaits(ILoggingAdapter log, string join, string used, string budget) => log.Warning(
        "join {0}: {1} of the memory budget of {2} are in use, so the join reads nothing. It reads on after \"join resume {0}\" or "
            + "\"join wake {0}\", or when less memory is in use. It waits as long as that takes.",
        join, used, budget);

    internal static void MemoryIsNear(ILoggingAdapter log, string join, string used, string budget, string held) => log.Warning(
        "join {0}: {1} of the memory budget of {2} are in use. Until it is less, only the partition that is furthest behind in "
            + "event time is read. In memory: {3}",
        join, used, budget, held);

    internal static void MemoryIsFull(ILoggingAdapter log, string join, string used, string budget, string held) =>
        log.Warning(
            "join {0}: {1} of the memory budget of {2} are in use. Nothing is read until it is less. In memory: {3}",
            join, used, budget, held);

    internal static void MemoryIsFree(ILoggingAdapter log, string join, string used, string budget) =>
        log.Info("join {0}: {1} of the memory budget of {2} are in use; everything is read again", join, used, budget);

    internal static string StateDoesNotFit(string used, string budget, string held) =>
        $"the state does not fit the memory budget of {budget}: {used} are in use, and it did not become less while nothing was "
            + $"read. In memory: {held}. "
        + "Set a larger memory.budget, or state.directory to keep the records on disk, or a shorter window or "
        + "max-out-of-orderness, or run more nodes. "
        + "Nothing is lost: the journal has all that was read.";

    internal static void CoordinatorIsLost(ILoggingAdapter log, string join, int seconds) => log.Error(
        "join {0}: this node is the oldest, and no coordinator of the key groups has started on it for {1} s. It leaves the "
            + "cluster and ends with 3, to be started again; nothing is lost.",
        join, seconds);

    internal static void ClocksDiffer(ILoggingAdapter log, string join, string location, long differenceMs) => log.Warning(
        "join {0}: the clock of this machine is {1} s {2} that of the journal's database in {3}. The join goes by the database's. "
            + "What this node shows as the age of something is wrong by as much: correct the clock that is wrong (chrony or ntpd).",
        join, Math.Abs(differenceMs) / 1_000, differenceMs > 0 ? "ahead of" : "behind", location);

    internal static void ClockIsNotRead(ILoggingAdapter log, string join, string reason) => log.Warning(
        "join {0}: the clock of the journal's database was not read; the join's clock goes on by this machine's timer. {1}", join, reason);

    internal static void RowsWait(ILoggingAdapter log, string join, UnreadRows rows) => log.Warning(
        "join {0}: rows of {1} wait for the reader in the application to confirm them, the oldest for {2} s{3}. Their key "
            + "groups take no more records until then. {4}",
        join,
        rows.Events == 1 ? "an event" : $"{rows.Events} events",
        rows.OldestWaitsMs / 1_000,
        rows.HasReader ? "" : ", and no stream of the rows runs",
        rows.HasReader
            ? "The reader is slower than the join, or lost a row: confirm each one when it is done. Where rows are gathered, let a "
                + "time end that, and not a count alone."
            : "Run the stream that IAkkaJoin.Rows gives.");

    static string Address(NewestRecord record) => $"{record.Topic}/{record.Partition}@{record.Offset}";

    static string SideOf(NewestRecord record) => record.Side == Side.Left ? "left" : "right";

    // Beyond the year 9999 there is no date for it.
    static string When(long ms) => ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
        ? DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)
        : ms.ToString(CultureInfo.InvariantCulture) + " ms since 1970";
}
