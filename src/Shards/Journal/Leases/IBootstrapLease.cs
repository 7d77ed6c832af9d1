namespace AkkaJoin.Shards.Journal.Leases;

/// <summary>
/// One cluster per journal. A node that would form a new cluster takes the lease first, under a new id, and gets it only when no other
/// cluster renewed it in time. Each member of the cluster renews it, every third of its time to live; one that finds another id there
/// belongs to a cluster that was given up, and stops. The lease guards the bootstrap; that no event is ever written twice is the
/// fence's work.
/// </summary>
public interface IBootstrapLease
{
    /// <summary>Takes the lease for a new cluster, if it is free or expired, or this cluster's already.</summary>
    /// <param name="clusterId">The new cluster's random id.</param>
    /// <param name="holder">This node's address, shown to others.</param>
    /// <param name="timeToLive">How long it lasts without being renewed.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="JournalException">The database does not answer.</exception>
    Task<LeaseAnswer> TryTakeAsync(string clusterId, string holder, TimeSpan timeToLive, CancellationToken cancellation = default);

    /// <summary>Renews the lease for this cluster, expired or given free though it may be, unless another cluster has it.</summary>
    /// <param name="clusterId">The cluster's id.</param>
    /// <param name="holder">This node's address, shown to others.</param>
    /// <param name="timeToLive">How long it lasts from now on.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Not held = another cluster has it, for good: this member has to stop.</returns>
    /// <exception cref="JournalException">The database does not answer; it is to be tried again.</exception>
    Task<LeaseAnswer> RenewAsync(string clusterId, string holder, TimeSpan timeToLive, CancellationToken cancellation = default);

    /// <summary>The lease as it is; null where no cluster has it.</summary>
    /// <exception cref="JournalException">The database does not answer.</exception>
    Task<LeaseState?> CurrentAsync(CancellationToken cancellation = default);

    /// <summary>Gives the lease free, if it is this cluster's: for the last member that leaves.</summary>
    /// <exception cref="JournalException">The database does not answer.</exception>
    Task ReleaseAsync(string clusterId, CancellationToken cancellation = default);
}
