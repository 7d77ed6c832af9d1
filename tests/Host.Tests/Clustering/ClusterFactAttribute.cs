using AkkaJoin.Pipeline.Tests.Kafka;
using AkkaJoin.Shards.Tests.Databases;
using Xunit;

namespace AkkaJoin.Host.Tests.Clustering;

/// <summary>A test of the long form that runs nodes over an Apache Kafka and a PostgreSQL; skipped without them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClusterFactAttribute : FactAttribute
{
    /// <summary>Skips where a server is missing.</summary>
    /// <param name="ownPostgres">The test kills its PostgreSQL, so a running one is not enough.</param>
    public ClusterFactAttribute(bool ownPostgres = false) =>
        Skip = new RealKafkaFactAttribute(isLong: true).Skip ?? new RealPostgresFactAttribute(ownPostgres).Skip;
}
