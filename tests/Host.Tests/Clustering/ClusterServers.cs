using AkkaJoin.Pipeline.Tests.Kafka;
using AkkaJoin.Shards.Tests.Databases;
using Xunit;

namespace AkkaJoin.Host.Tests.Clustering;

/// <summary>One Kafka and one PostgreSQL for all tests of clusters; each has topics and a database of its own.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterServers : ICollectionFixture<RealKafka>, ICollectionFixture<RealPostgres>
{
    internal const string Name = "Cluster servers";
}
