using AkkaJoin.Pipeline.Tests.Kafka;
using AkkaJoin.Shards.Tests.Databases;
using Xunit;

namespace AkkaJoin.Host.Tests.Running;

/// <summary>
/// A test of the long form that needs an Apache Kafka and a PostgreSQL that it may kill; skipped where one is missing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KafkaAndPostgresFactAttribute : FactAttribute
{
    public KafkaAndPostgresFactAttribute() =>
        Skip = new RealKafkaFactAttribute(isLong: true).Skip ?? new RealPostgresFactAttribute(own: true).Skip;
}
