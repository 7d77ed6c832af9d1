namespace AkkaJoin.Shards.Journal.Leases;

/// <summary>
/// Makes sure that a journal has one cluster. A node that forms a new cluster takes the lease first, under a new random
/// id. It gets the lease only if no other cluster has renewed it in time. Each member of the cluster renews the lease,
/// every third of its time to live. A member that finds another id belongs to a cluster that was replaced, and stops.
/// The lease guards the bootstrap alone. The fence of the journal makes sure that no event is written twice.
/// </summary>
interface IBootstrapLease
{
    /// <summary>Takes the lease for a new cluster, if it is free, expired or held by this cluster.</summary>
    /// <param name="clusterId">The new cluster's random id.</param>
    /// <param name="holder">This node's address, shown to others.</param>
    /// <param name="timeToLive">How long it lasts without being renewed.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="JournalException">The database does not answer.</exception>
    Task<LeaseAnswer> TryTakeAsync(string clusterId, string holder, TimeSpan timeToLive, CancellationToken cancellation = default);

    /// <summary>
    /// Renews the lease for this cluster, also where it has expired or was released, unless another cluster has it.
    /// </summary>
    /// <param name="clusterId">The cluster's id.</param>
    /// <param name="holder">This node's address, shown to others.</param>
    /// <param name="timeToLive">How long it lasts from now on.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Not held = another cluster has it for good. This member must stop.</returns>
    /// <exception cref="JournalException">The database does not answer. Try again.</exception>
    Task<LeaseAnswer> RenewAsync(string clusterId, string holder, TimeSpan timeToLive, CancellationToken cancellation = default);

    /// <summary>The lease as it is; null where no cluster has it.</summary>
    /// <exception cref="JournalException">The database does not answer.</exception>
    Task<LeaseState?> CurrentAsync(CancellationToken cancellation = default);

    /// <summary>Releases the lease if this cluster has it. The last member that leaves calls it.</summary>
    /// <exception cref="JournalException">The database does not answer.</exception>
    Task ReleaseAsync(string clusterId, CancellationToken cancellation = default);
}

/// <summary>The answer to taking or renewing a lease.</summary>
/// <param name="IsHeld">The lease belongs to the cluster that asked.</param>
/// <param name="Current">The lease as it is now; null where it was released at the same moment.</param>
sealed record LeaseAnswer(bool IsHeld, LeaseState? Current);

/// <summary>The cluster that has a journal for itself.</summary>
/// <param name="ClusterId">Its random id.</param>
/// <param name="Holder">The address of the node that took or renewed the lease last, for messages.</param>
/// <param name="Remaining">How long the lease goes on without another renewal; negative = expired.</param>
sealed record LeaseState(string ClusterId, string Holder, TimeSpan Remaining);
