using System.Diagnostics;
using Akka.Actor;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Protocol;

namespace AkkaJoin.Pipeline.Engine;

/// <summary>
/// Gives the journal a new id, and tells the key groups. The word may be lost on its way to a group that runs on another node, so it is told again for
/// a while. What is told again is what the journal says now: other nodes may have renewed it too, and all groups end with the same.
/// </summary>
sealed class JournalRenewal(JournalGuard guard, ICanTell region, int keyGroups)
{
    static readonly TimeSpan ToldFor = TimeSpan.FromMinutes(1);
    long _begunAt;

    /// <summary>Renews the id.</summary>
    internal void Begin()
    {
        Tell(guard.Renew());
        _begunAt = Stopwatch.GetTimestamp();
    }

    /// <summary>Tells it again, if that is not long ago.</summary>
    internal void Repeat()
    {
        if (_begunAt == 0 || Stopwatch.GetElapsedTime(_begunAt) > ToldFor)
            return;
        try
        {
            Tell(guard.CurrentId());
        }
        catch (JournalException)
        {
            // The next time.
        }
    }

    void Tell(string journalId)
    {
        for (var group = 0; group < keyGroups; group++)
            region.Tell(new RenewJournal(group, journalId), ActorRefs.NoSender);
    }
}
