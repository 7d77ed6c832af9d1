using System.Diagnostics;
using System.Security.Cryptography;
using Akka.Event;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Journal.Leases;

namespace AkkaJoin.Pipeline.Clustering;

/// <summary>
/// Claims a journal for a cluster that the application has formed by itself. The members share the lease: the first one
/// takes it under a new id, and the others adopt that id, since they find a member's name in the lease. A cluster that
/// lives elsewhere renews its lease; the lease of a cluster that died ends.
/// </summary>
/// <param name="lease">The journal's.</param>
/// <param name="location">Where the journal is, for messages.</param>
/// <param name="locationKey">The configuration key that sets it.</param>
/// <param name="holder">This node and its cluster, of which it is a member.</param>
/// <param name="timeToLive">How long a lease lasts.</param>
/// <param name="log">The log.</param>
sealed class ApplicationLease(
    IBootstrapLease lease, string location, string locationKey, LeaseHolder holder, TimeSpan timeToLive, ILoggingAdapter log)
{
    // Each renewal moves the end of the lease. A restart of the database moves it once too, so one move proves nothing.
    const int RenewalsThatProveLife = 2;
    static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan SayAfter = TimeSpan.FromSeconds(10);
    static readonly TimeSpan RemainingMax = TimeSpan.FromDays(1);
    static readonly TimeSpan ClockNoise = TimeSpan.FromMilliseconds(50);
    readonly string _newId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    long _saidAt = Stopwatch.GetTimestamp();
    string? _other;
    TimeSpan _otherEnds;
    int _otherRenewals;

    /// <summary>The id under which this cluster has the lease from now on.</summary>
    /// <exception cref="UserException">Another cluster has the journal, and lives.</exception>
    internal async Task<string> ClaimAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                if (await TryClaimAsync(stopping) is { } id)
                    return id;
            }
            catch (JournalException e)
            {
                Say(e.Message);
            }

            await Task.Delay(RetryAfter, stopping);
        }
    }

    async Task<string?> TryClaimAsync(CancellationToken stopping)
    {
        var current = await lease.CurrentAsync(stopping);
        if (current is not null && holder.IsMember(current.Holder))
            return (await lease.RenewAsync(current.ClusterId, holder.Self, timeToLive, stopping)).IsHeld ? current.ClusterId : null;
        var answer = await lease.TryTakeAsync(_newId, holder.Self, timeToLive, stopping);
        if (answer.IsHeld)
            return _newId;
        if (answer.Current is { } other && !holder.IsMember(other.Holder))
            Look(other);
        return null;
    }

    void Look(LeaseState other)
    {
        var ends = Stopwatch.GetElapsedTime(0) + (other.Remaining < RemainingMax ? other.Remaining : RemainingMax);
        if (other.ClusterId != _other)
            (_other, _otherRenewals) = (other.ClusterId, 0);
        else if (ends > _otherEnds + ClockNoise)
            _otherRenewals++;
        _otherEnds = ends;
        if (_otherRenewals >= RenewalsThatProveLife)
        {
            throw new UserException(
                $"{other.Holder}, which is no member of this application's cluster, runs joins on {location}, and two clusters "
                    + "on one journal would undo each other's work. "
                + $"Let this node join that cluster, stop the other one, or give this one a database of its own ({locationKey})",
                1);
        }

        Say($"{other.Holder}, which is no member of this cluster, held the journal last; its lease ends in "
            + $"{Math.Max(0, (int)other.Remaining.TotalSeconds)} s unless it is renewed");
    }

    void Say(string reason)
    {
        if (Stopwatch.GetElapsedTime(_saidAt) < SayAfter)
            return;
        _saidAt = Stopwatch.GetTimestamp();
        ClusteringLog.WaitsForLease(log, reason);
    }
}
