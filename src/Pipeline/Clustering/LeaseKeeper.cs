using System.Diagnostics;
using Akka;
using Akka.Actor;
using Akka.Cluster;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Journal.Leases;

namespace AkkaJoin.Pipeline.Clustering;

/// <summary>
/// Renews the journal's lease for as long as this node is a member. A database that does not answer is asked again: the cluster goes on, and as
/// long as one node of it is known to the seeds no other forms. A lease that another cluster has means that this one was given up. So does one
/// that a node renews for long which is no member: the cluster fell apart, and each part took itself for the whole.
/// </summary>
sealed class LeaseKeeper
{
    const int RenewalsPerTimeToLive = 3;

    // A node that was given up while it was frozen renews once or a few times before it notices.
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
        ActorSystem system, IBootstrapLease lease, LeaseHolder holder, string id, TimeSpan timeToLive, TimeSpan? strangerMax, Action<string> lost)
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
    /// <param name="system">The actor system, whose configuration has the phases of <see cref="ShutdownPhases"/>.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="holder">This node and its cluster.</param>
    /// <param name="id">Under which the cluster has the lease.</param>
    /// <param name="timeToLive">How long each renewal lasts.</param>
    /// <param name="lost">Told once who has the journal now; nothing is renewed from then on.</param>
    /// <param name="strangerMax">How long a node that is no member may renew this cluster's lease; null = the usual.</param>
    internal static void Start(
        ActorSystem system, IBootstrapLease lease, LeaseHolder holder, string id, TimeSpan timeToLive, Action<string> lost, TimeSpan? strangerMax = null)
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
            PipelineMetrics.LeaseRenewalsFailed.Add(1);
            Lose(answer.Current?.Holder ?? "unknown");
        }
        catch (JournalException e)
        {
            PipelineMetrics.LeaseRenewalsFailed.Add(1);

            // Once for each outage: the key groups say the same.
            if (!_isUnreachable)
                PipelineLog.LeaseUnreachable(_system.Log, e);
            _isUnreachable = true;
        }
    }

    // A name is written at each renewal, so one that is there again was written after ours.
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
        PipelineLog.LeaseLost(_system.Log, holder);
        _lost(holder);
    }

    // By then this node has left: whoever else is in its last picture of the cluster lives on, and keeps the lease.
    async Task ReleaseAsync()
    {
        var cluster = Cluster.Get(_system);
        if (_isLost || cluster.State.Members.Any(m => m.Address != cluster.SelfAddress && m.Status is MemberStatus.Up or MemberStatus.Joining))
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
