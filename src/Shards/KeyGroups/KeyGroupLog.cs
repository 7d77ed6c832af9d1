using Akka.Actor;
using Akka.Event;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Memory;

namespace AkkaJoin.Shards.KeyGroups;

/// <summary>Every log message of this room.</summary>
static class KeyGroupLog
{
    const string RestoreWhole = "Restore the whole database, or start the join anew with an empty journal and another group id.";

    internal static string Hole(string id, long applied, long next) =>
        $"the journal of {id} has a hole: event {next} follows event {applied}. Someone changed the database by "
            + $"hand, or restored a part of it. {RestoreWhole}";

    internal static string DamagedEvent(string id, int group, long sequence, string location) =>
        $"event {sequence} of key group {group} ({id}) is damaged in {location}: its checksum differs. {RestoreWhole}";

    internal static string ForeignEvent(string id, int group, long sequence, string location) =>
        $"event {sequence} of key group {group} ({id}) in {location} was written behind another event than the "
            + "one that is there. Someone changed the database by hand, or put it together from copies of two times. "
            + $"{RestoreWhole}";

    internal static string SegmentLost(string id, long sequence) =>
        $"the snapshot of {id} at event {sequence} lacks a segment, or has a damaged one. Someone changed the "
            + $"database by hand, or restored a part of it. {RestoreWhole}";

    internal static void Recovered(ILoggingAdapter log, string id, long sequence, int buffered) =>
        log.Debug("{0} recovered up to event {1}; {2} records are buffered", id, sequence, buffered);

    internal static void RecoveredTooEarly(ILoggingAdapter log, string id, long applied, long newest) =>
        log.Warning(
            "{0} recovered up to event {1}, but the journal's newest event is {2}: another node wrote meanwhile. "
                + "The key group recovers again.",
            id, applied, newest);

    internal static void RecoveryFailed(ILoggingAdapter log, string id, string location, Exception cause) =>
        log.Error(
            "{0} cannot recover from the journal in {1}: {2}. The key group tries again.",
            id, location, cause.GetBaseException().Message);

    internal static string CannotRecover(string id, Exception cause) => cause is JournalException or StateException
        ? cause.Message
        : $"an event of {id} cannot be applied ({cause.GetType().Name}: {cause.Message}). The journal is whole. "
            + "This is a defect of AkkaJoin: please report it, with the journal.";

    internal static void PersistFailed(ILoggingAdapter log, string id, long sequence, string location, Exception cause) =>
        log.Error(
            "{0}: event {1} was not written to the journal in {2} ({3}). Nothing is lost: its records will be "
                + "re-sent until they are written.",
            id, sequence, location, cause.GetBaseException().Message);

    internal static void SnapshotFailed(ILoggingAdapter log, string id, Exception cause) =>
        log.Warning(
            "{0}: the snapshot was not saved ({1}). The journal is kept, and the key group tries another snapshot.",
            id, cause.Message);

    internal static void Refused(ILoggingAdapter log, string id, ActorPath sender, string reason) =>
        log.Warning(
            "{0}: a message of {1} is refused: {2}. No AkkaJoin node sends such a message; find out what runs "
                + "there. Further messages like it from this sender are refused without a log line.",
            id, sender, reason);

    internal static void TailUnknown(ILoggingAdapter log, string id, int events) =>
        log.Warning(
            "{0}: {1} events with unconfirmed rows were journaled without output.deduplicate = tail. Their rows "
                + "will be written again, with the same ids. Rows of later events are looked for first.",
            id, events);

    internal static void HandOverTimedOut(ILoggingAdapter log, string id, TimeSpan limit, int events) =>
        log.Warning(
            "{0}: the hand-over timed out after {1} s, and {2} events still wait for the broker or the journal. "
                + "The key group stops; the next node writes their rows again, with the same ids.",
            id, limit.TotalSeconds, events);

    internal static void DeleteFailed(ILoggingAdapter log, string id, Exception cause) =>
        log.Warning("{0}: what the snapshot replaces was not deleted ({1}). The next snapshot tries again.", id, cause.Message);
}
