using AkkaJoin.Pipeline.Tests.Kafka;
using AkkaJoin.Shards.Tests.Databases;
using Xunit;

namespace AkkaJoin.Host.Tests.Clustering;

/// <summary>A test that needs an Apache Kafka and a PostgreSQL; skipped where one of them is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ClusterFactAttribute : FactAttribute
{
    /// <summary>Skips where a server is missing.</summary>
    /// <param name="ownPostgres">The test kills its PostgreSQL, so a running one is not enough.</param>
    public ClusterFactAttribute(bool ownPostgres = false) =>
        Skip = new RealKafkaFactAttribute().Skip ?? new RealPostgresFactAttribute(ownPostgres).Skip;
}
