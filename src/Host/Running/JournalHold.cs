using AkkaJoin.Pipeline;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Journal.Leases;

namespace AkkaJoin.Host.Running;

/// <summary>Holds a journal for a verb that must not meet a running node.</summary>
sealed class JournalHold : IAsyncDisposable
{
    static readonly TimeSpan TimeToLive = TimeSpan.FromMinutes(1);
    readonly IBootstrapLease _lease;
    readonly string _id;

    JournalHold(IBootstrapLease lease, string id)
    {
        _lease = lease;
        _id = id;
    }

    /// <exception cref="UserException">Nodes run on the journal.</exception>
    internal static async Task<JournalHold> TakeAsync(JoinJournal journal, CancellationToken stopping)
    {
        var id = "verb-" + Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var answer = await journal.Lease.TryTakeAsync(id, "akkajoin definition", TimeToLive, stopping);
        if (answer.IsHeld)
            return new JournalHold(journal.Lease, id);
        throw new UserException(
            $"nodes run on {journal.Location} (the last word came from {answer.Current?.Holder}). Stop them all first; "
            + "after a crash their lease ends by itself.",
            ExitCodes.Failed);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _lease.ReleaseAsync(_id);
}
