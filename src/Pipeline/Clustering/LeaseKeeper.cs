using System.Diagnostics;
using Akka;
using Akka.Actor;
using Akka.Cluster;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Journal.Leases;

namespace AkkaJoin.Pipeline.Clustering;

/// <summary>
/// Renews the journal's lease for as long as this node is a member. Where the database does not answer, the renewal is
/// tried again and the cluster goes on: as long as the seeds know one node of it, no other cluster forms. This cluster
/// has lost the journal where another cluster has the lease, or where a node that is no member has renewed it for long:
/// then the cluster fell apart, and each part took itself for the whole.
/// </summary>
sealed class LeaseKeeper
{
    const int RenewalsPerTimeToLive = 3;

    // A node that was frozen and given up renews a few times before it notices.
    static readonly TimeSpan StrangerMax = TimeSpan.FromSeconds(60);
    const int StrangerMaxTimesToLive = 4;

    readonly ActorSystem _system;
    readonly IBootstrapLease _lease;
    readonly LeaseHolder _holder;
    readonly string _id;
    readonly TimeSpan _timeToLive;
    readonly TimeSpan _strangerMax;
    readonly Action<string> _lost;
    readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    bool _isUnreachable;
    bool _isLost;
    string? _stranger;
    long _strangerSince;
    long _strangerSeen;

    LeaseKeeper(
        ActorSystem system,
        IBootstrapLease lease,
        LeaseHolder holder,
        string id,
        TimeSpan timeToLive,
        TimeSpan? strangerMax,
        Action<string> lost)
    {
        _system = system;
        _lease = lease;
        _holder = holder;
        _id = id;
        _timeToLive = timeToLive;
        _strangerMax = strangerMax ?? new TimeSpan(Math.Max(StrangerMax.Ticks, StrangerMaxTimesToLive * timeToLive.Ticks));
        _lost = lost;
    }

    /// <summary>Keeps the lease until the actor system ends.</summary>
    /// <param name="system">
    /// The actor system, whose configuration has the phases of <see cref="ShutdownPhases"/>.
    /// </param>
    /// <param name="lease">The lease.</param>
    /// <param name="holder">This node and its cluster.</param>
    /// <param name="id">The id of the cluster in the lease.</param>
    /// <param name="timeToLive">How long each renewal lasts.</param>
    /// <param name="lost">Told once who has the journal now. Nothing is renewed after that.</param>
    /// <param name="strangerMax">
    /// How long a node that is no member may renew this cluster's lease; null = the usual.
    /// </param>
    internal static void Start(
        ActorSystem system,
        IBootstrapLease lease,
        LeaseHolder holder,
        string id,
        TimeSpan timeToLive,
        Action<string> lost,
        TimeSpan? strangerMax = null)
    {
        var keeper = new LeaseKeeper(system, lease, holder, id, timeToLive, strangerMax, lost);
        var running = Task.Run(keeper.RunAsync);
        CoordinatedShutdown.Get(system).AddTask(ShutdownPhases.Lease, "give-lease-free", async () =>
        {
            keeper._stop.TrySetResult();
            await running;
            await keeper.ReleaseAsync();
            return Done.Instance;
        });
    }

    async Task RunAsync()
    {
        while (!_stop.Task.IsCompleted)
        {
            await RenewAsync();
            await Task.WhenAny(_stop.Task, Task.Delay(_timeToLive / RenewalsPerTimeToLive));
        }
    }

    async Task RenewAsync()
    {
        try
        {
            if (IsStrangers(await _lease.CurrentAsync()))
            {
                Lose(_stranger!);
                return;
            }

            var answer = await _lease.RenewAsync(_id, _holder.Self, _timeToLive);
            _isUnreachable = false;
            if (answer.IsHeld)
                return;
            ClusteringMetrics.LeaseRenewalsFailed.Add(1);
            Lose(answer.Current?.Holder ?? "unknown");
        }
        catch (JournalException e)
        {
            ClusteringMetrics.LeaseRenewalsFailed.Add(1);

            // Once for each outage: the key groups say the same.
            if (!_isUnreachable)
                ClusteringLog.LeaseUnreachable(_system.Log, e);
            _isUnreachable = true;
        }
    }

    // Each renewal writes a name. A stranger's name that is there again was therefore written after ours.
    bool IsStrangers(LeaseState? current)
    {
        if (current is null || current.ClusterId != _id || _holder.IsMember(current.Holder))
            return false;
        if (current.Holder != _stranger || Stopwatch.GetElapsedTime(_strangerSeen) > 2 * _timeToLive)
            (_stranger, _strangerSince) = (current.Holder, Stopwatch.GetTimestamp());
        _strangerSeen = Stopwatch.GetTimestamp();
        return Stopwatch.GetElapsedTime(_strangerSince) >= _strangerMax;
    }

    void Lose(string holder)
    {
        if (!_stop.TrySetResult())
            return;
        _isLost = true;
        ClusteringLog.LeaseLost(_system.Log, holder);
        _lost(holder);
    }

    // By then this node has left the cluster. The other members that it knew last live on, and keep the lease.
    async Task ReleaseAsync()
    {
        var cluster = Cluster.Get(_system);
        if (_isLost
            || cluster.State.Members.Any(m => m.Address != cluster.SelfAddress && m.Status is MemberStatus.Up or MemberStatus.Joining))
            return;
        try
        {
            await _lease.ReleaseAsync(_id);
        }
        catch (JournalException)
        {
            // It expires by itself.
        }
    }
}
