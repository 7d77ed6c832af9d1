using Akka;
using Akka.Actor;
using Akka.Cluster;
using AkkaJoin.Pipeline.Engine;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Journal.Leases;

namespace AkkaJoin.Host.Running;

/// <summary>
/// Renews the journal's lease for as long as this node is a member. A database that does not answer is asked again: the cluster goes on, and as
/// long as one node of it is known to the seeds no other forms. A lease that another cluster has means that this one was given up: the node stops,
/// as one that was downed does.
/// </summary>
sealed class LeaseKeeper
{
    const int RenewalsPerTimeToLive = 3;
    readonly ActorSystem _system;
    readonly IBootstrapLease _lease;
    readonly string _id;
    readonly TimeSpan _timeToLive;
    readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    bool _isUnreachable;

    LeaseKeeper(ActorSystem system, IBootstrapLease lease, string id, TimeSpan timeToLive)
    {
        _system = system;
        _lease = lease;
        _id = id;
        _timeToLive = timeToLive;
    }

    internal static void Start(ActorSystem system, IBootstrapLease lease, string clusterId, TimeSpan timeToLive)
    {
        var keeper = new LeaseKeeper(system, lease, clusterId, timeToLive);
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
            var answer = await _lease.RenewAsync(_id, Cluster.Get(_system).SelfAddress.ToString(), _timeToLive);
            _isUnreachable = false;
            if (answer.IsHeld)
                return;
            HostMetrics.LeaseRenewalsFailed.Add(1);
            HostLog.LeaseLost(_system.Log, answer.Current?.Holder ?? "unknown");
            _stop.TrySetResult();
            _ = CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClusterDowningReason.Instance);
        }
        catch (JournalException e)
        {
            HostMetrics.LeaseRenewalsFailed.Add(1);

            // Once for each outage: the key groups say the same.
            if (!_isUnreachable)
                HostLog.LeaseUnreachable(_system.Log, e);
            _isUnreachable = true;
        }
    }

    // By then this node has left: whoever else is in its last picture of the cluster lives on, and keeps the lease.
    async Task ReleaseAsync()
    {
        var cluster = Cluster.Get(_system);
        if (cluster.State.Members.Any(m => m.Address != cluster.SelfAddress && m.Status is MemberStatus.Up or MemberStatus.Joining))
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
