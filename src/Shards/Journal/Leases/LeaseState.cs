namespace AkkaJoin.Shards.Journal.Leases;

/// <summary>The cluster that has a journal for itself.</summary>
/// <param name="ClusterId">Its random id.</param>
/// <param name="Holder">The address of the node that took or renewed the lease last, for messages.</param>
/// <param name="Remaining">How long the lease goes on without another renewal; negative = expired.</param>
public sealed record LeaseState(string ClusterId, string Holder, TimeSpan Remaining);
