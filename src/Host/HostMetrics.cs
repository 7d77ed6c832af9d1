using System.Diagnostics.Metrics;
using AkkaJoin.Shards;

namespace AkkaJoin.Host;

/// <summary>Every metric of the program itself. docs/metrics.md describes them; a test compares.</summary>
static class HostMetrics
{
    internal static readonly Counter<long> LeaseRenewalsFailed = ShardsMetrics.Meter.CreateCounter<long>(
        "akkajoin.lease.renewals.failed", "{failure}", "Renewals of the journal's lease that the database did not answer, or refused.");
}
