using Akka.Actor;
using Akka.Event;

namespace AkkaJoin.Shards;

/// <summary>Every log message of this assembly.</summary>
static class ShardsLog
{
    internal static string Hole(string id, long applied, long next) =>
        $"the journal of {id} has a hole: after event {applied} comes {next}. It was changed by hand, or restored in part. Restore it whole, or start the join anew with an empty journal and another group id.";

    internal static string DamagedEvent(string id, int group, long sequence, string place) =>
        $"event {sequence} of key group {group} ({id}) is damaged in {place}: its checksum differs. Restore the database from a copy, or start the join anew with an empty journal and another group id.";

    internal static string ForeignEvent(string id, int group, long sequence, string place) =>
        $"event {sequence} of key group {group} ({id}) in {place} was written by one that had another event before it: the database was put together from two times, or changed by hand. Restore it whole, or start the join anew with an empty journal and another group id.";

    internal static string ChunkLost(string id, long sequence) =>
        $"the snapshot of {id} at event {sequence} lacks a chunk, or has one that is damaged. The database was changed by hand, or restored in part. Restore it whole, or start the join anew with an empty journal and another group id.";

    internal static void Recovered(ILoggingAdapter log, string id, long sequence, int held) =>
        log.Debug("{0} recovered through event {1}; {2} records held", id, sequence, held);

    internal static void RecoveredTooEarly(ILoggingAdapter log, string id, long applied, long newest) =>
        log.Warning("{0} recovered through event {1}, but the journal's newest is {2}: another incarnation writes. It begins again.", id, applied, newest);

    internal static void RecoveryFailed(ILoggingAdapter log, string id, string place, Exception cause) =>
        log.Error("{0} cannot be recovered from the journal in {1}: {2}. It is tried again.", id, place, cause.GetBaseException().Message);

    internal static string CannotRecover(string id, Exception cause) =>
        cause is Journal.JournalException or Memory.StateException ? cause.Message : $"an event of {id} cannot be applied ({cause.GetType().Name}: {cause.Message}). The journal is whole; this is a defect of the program, please report it with the journal.";

    internal static string StateDirectory(string directory, Exception cause) =>
        $"state.directory {directory} has no room for the state: {cause.Message} Make room there, name another directory, or set it to null to keep the state in memory. Nothing is lost: the journal has all that was read.";

    internal static void PersistFailed(ILoggingAdapter log, string id, long sequence, string place, Exception cause) =>
        log.Error(
            "{0}: event {1} was not written to the journal in {2} ({3}). Nothing is lost: its records are kept and sent again, until it can be written.",
            id, sequence, place, cause.GetBaseException().Message);

    internal static void SnapshotFailed(ILoggingAdapter log, string id, Exception cause) =>
        log.Warning("{0}: the snapshot was not saved ({1}). The journal stays; another snapshot follows.", id, cause.Message);

    internal static void Refused(ILoggingAdapter log, string id, ActorPath sender, string reason) =>
        log.Warning(
            "{0}: a message of {1} is refused: {2}. No node of this program sends such a one; look at what runs there. More of this sender's are refused without a word.",
            id, sender, reason);

    internal static void TailUnknown(ILoggingAdapter log, string id, int events) =>
        log.Warning(
            "{0}: {1} events with unconfirmed rows were journaled without output.deduplicate = tail. Their rows are written again, with the ids they have; from here on they are looked for first.",
            id, events);

    internal static void StoppedUnsettled(ILoggingAdapter log, string id, TimeSpan limit, int events) =>
        log.Warning(
            "{0}: the hand-over's limit of {1} s has passed, and {2} events wait for the broker or the journal. It stops all the same; their rows are written again, with the ids they have.",
            id, limit.TotalSeconds, events);

    internal static void DeleteFailed(ILoggingAdapter log, string id, Exception cause) =>
        log.Warning("{0}: what lies before the snapshot was not deleted ({1}). The next snapshot tries again.", id, cause.Message);
}
