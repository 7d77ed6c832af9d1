using System.Diagnostics.Metrics;
using Akka.Actor;
using Akka.Event;
using AkkaJoin.Shards.Metering;

namespace AkkaJoin.Pipeline.Clustering;

/// <summary>Every log message about the journal's lease, and about a node that its cluster gave up.</summary>
static class ClusteringLog
{
    internal static void LeaseLost(ILoggingAdapter log, string holder) =>
        log.Error("{0}, which is no member of this node's cluster, has the journal's lease now; the joins of this node stop", holder);

    internal static void LeaseUnreachable(ILoggingAdapter log, Exception cause) =>
        log.Warning("the journal's lease could not be renewed; the renewal is tried again: {0}", cause.Message);

    internal static void Quarantined(ILoggingAdapter log, Address by) =>
        log.Error("{0} gave this node up, and speaks to it no more; this node leaves the cluster and has to be started again", by);

    internal static void WaitsForLease(ILoggingAdapter log, string reason) => log.Warning("the joins wait for the journal: {0}", reason);
}

/// <summary>The metrics of the journal's lease; docs/metrics.md describes them.</summary>
static class ClusteringMetrics
{
    internal static readonly Counter<long> LeaseRenewalsFailed = ShardsMetrics.Meter.CreateCounter<long>(
        "akkajoin.lease.renewals.failed", "{failure}", "Renewals of the journal's lease that the database did not answer, or refused.");
}
