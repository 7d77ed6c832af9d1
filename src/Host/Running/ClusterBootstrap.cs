using System.Diagnostics;
using System.Security.Cryptography;
using Akka.Actor;
using Akka.Cluster;
using AkkaJoin.Host.Remoting;
using AkkaJoin.Pipeline;
using AkkaJoin.Pipeline.Clustering;
using AkkaJoin.Shards.Journal;
using AkkaJoin.Shards.Journal.Leases;
using ClusterSettings = AkkaJoin.Pipeline.Settings.ClusterSettings;

namespace AkkaJoin.Host.Running;

/// <summary>
/// Makes this node a member of the one cluster that its journal belongs to. It asks the seeds, and the node that
/// renewed the journal's lease last; only when none of them has answered for a while, and the lease is free, does it
/// form a cluster. So a seed that starts again alone while the others live joins them, and never forms a second cluster
/// beside theirs.
/// </summary>
sealed class ClusterBootstrap
{
    const int LostAfterTimesToLive = 2;
    static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    static readonly TimeSpan SayAfter = TimeSpan.FromSeconds(10);
    readonly Cluster _cluster;
    readonly ClusterSettings _settings;
    readonly IBootstrapLease _lease;
    readonly LeaseHolder _holder;
    readonly TlsProbe? _probe; // null without TLS
    readonly TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly string _newId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    long _saidAt = Stopwatch.GetTimestamp();

    ClusterBootstrap(ActorSystem system, ClusterSettings settings, IBootstrapLease lease, NodeTls? tls)
    {
        _cluster = Cluster.Get(system);
        _settings = settings;
        _lease = lease;
        _probe = tls is null ? null : new TlsProbe(tls, system.Log);
        _holder = new LeaseHolder(_cluster, withUid: false);
        _cluster.RegisterOnMemberUp(() => _up.TrySetResult());
    }

    TimeSpan TimeToLive => TimeSpan.FromMilliseconds(_settings.LeaseTimeoutMs);

    /// <summary>Joins or forms the cluster, and keeps the lease from then on.</summary>
    /// <param name="system">The actor system, in no cluster yet.</param>
    /// <param name="settings">Seeds and time-outs.</param>
    /// <param name="lease">Of the journal that the cluster belongs to.</param>
    /// <param name="stopping">Gives up.</param>
    /// <param name="tls">How the nodes know each other; null = they speak without TLS.</param>
    /// <exception cref="UserException">The actor system has ended; the message says why.</exception>
    internal static async Task JoinAsync(
        ActorSystem system, ClusterSettings settings, IBootstrapLease lease, CancellationToken stopping, NodeTls? tls = null)
    {
        var bootstrap = new ClusterBootstrap(system, settings, lease, tls);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var forming = bootstrap.FormAsync(ended.Token);
        if (await Task.WhenAny(forming, system.WhenTerminated) != forming)
        {
            await ended.CancelAsync();
            await forming.ContinueWith(static _ => { }, TaskScheduler.Default);
            throw NodeEnd.Of(system);
        }

        QuarantineWatch.Start(system);
        LeaseKeeper.Start(
            system,
            lease,
            bootstrap._holder,
            await forming,
            bootstrap.TimeToLive,
            _ => CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClusterDowningReason.Instance));
    }

    async Task<string> FormAsync(CancellationToken stopping)
    {
        while (true)
        {
            ThrowIfDowned();
            try
            {
                if (await JoinOthersAsync(stopping) is { } joined)
                    return joined;
                var answer = await _lease.TryTakeAsync(_newId, _holder.Self, TimeToLive, stopping);
                if (answer.IsHeld)
                    return await FormOwnAsync(stopping);
                await ThrowIfRefusedAsync(answer.Current, stopping);
                Say(
                    $"{answer.Current?.Holder} holds the journal and does not answer here; another try when its lease ends in "
                    + $"{Seconds(answer.Current?.Remaining)} s");
            }
            catch (JournalException e)
            {
                Say(e.Message);
            }

            await Task.Delay(RetryAfter, stopping);
        }
    }

    /// <returns>The id of the cluster that this node is a member of now, or null where nobody let it in.</returns>
    async Task<string?> JoinOthersAsync(CancellationToken stopping)
    {
        var others = await OthersAsync(stopping);
        if (others.Count == 0)
            return null;
        HostLog.Joining(_cluster.System.Log, others.Select(address => address.ToString()));
        _cluster.JoinSeedNodes(others);
        await Task.WhenAny(_up.Task, Task.Delay(_settings.FormAfterMs, stopping));
        stopping.ThrowIfCancellationRequested();
        if (!_up.Task.IsCompleted)
            return null;

        return await IdOfClusterAsync(stopping);
    }

    // The holder is a member of the cluster that this node is in now: what is written under its name is that cluster's
    // id. Where none of its members renews the lease in time, those that let this node in are dead, and another cluster
    // has the journal, or will.
    async Task<string> IdOfClusterAsync(CancellationToken stopping)
    {
        for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < TimeToLive * LostAfterTimesToLive;)
        {
            if (await _lease.CurrentAsync(stopping) is { } current && _holder.IsMember(current.Holder))
                return current.ClusterId;
            ThrowIfDowned();
            Say("the cluster that let this node in has not renewed the journal's lease yet");
            await Task.Delay(RetryAfter, stopping);
        }

        throw new UserException(
            "the nodes that let this one in are gone, and nobody of their cluster holds the journal any more. Start it again",
            ExitCodes.Downed);
    }

    async Task<string> FormOwnAsync(CancellationToken stopping)
    {
        HostLog.Forms(_cluster.System.Log, _cluster.SelfAddress.ToString());
        _cluster.Join(_cluster.SelfAddress);
        await _up.Task.WaitAsync(stopping);
        return _newId;
    }

    // The holder's address counts even when its lease has expired: after an outage of the database its cluster may be
    // as alive as ever.
    async Task<List<Address>> OthersAsync(CancellationToken stopping)
    {
        var self = _cluster.SelfAddress;
        var addresses = _settings.Seeds.Select(seed => $"{self.Protocol}://{self.System}@{seed}").ToList();
        if (await _lease.CurrentAsync(stopping) is { } current)
            addresses.Add(current.Holder);

        // A verb that holds the journal for a moment has no address. One that speaks another protocol cannot be called.
        return
        [
            .. addresses.Distinct().Select(text => Address.TryParse(text, out var address) ? address : self)
                .Where(address => address != self && address.Protocol == self.Protocol),
        ];
    }

    // The others may give a node up while they let it in; what is left of its actor system joins nobody any more.
    void ThrowIfDowned()
    {
        if (_cluster.IsTerminated)
            throw new UserException("the other nodes gave this one up before it was a member. Start it again", ExitCodes.Downed);
    }

    async Task ThrowIfRefusedAsync(LeaseState? current, CancellationToken stopping)
    {
        if (!Address.TryParse(current?.Holder, out var holder) || holder.Host is null || holder == _cluster.SelfAddress)
            return;
        if (holder.Protocol != _cluster.SelfAddress.Protocol)
            throw NodeEnd.OfProtocol(holder);
        if (_probe is null)
            return;
        if (await _probe.IsRefusedAsync(holder, stopping))
            throw NodeEnd.OfTls();
    }

    void Say(string reason)
    {
        if (Stopwatch.GetElapsedTime(_saidAt) < SayAfter)
            return;
        _saidAt = Stopwatch.GetTimestamp();
        HostLog.WaitsForCluster(_cluster.System.Log, reason);
    }

    static string Seconds(TimeSpan? remaining) =>
        Math.Max(0, remaining?.TotalSeconds ?? 0).ToString("0", System.Globalization.CultureInfo.InvariantCulture);
}
