using Xunit;

namespace AkkaJoin.Pipeline.Tests.Kafka;

/// <summary>A test with several cases that needs an Apache Kafka; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealKafkaTheoryAttribute : TheoryAttribute
{
    public RealKafkaTheoryAttribute()
    {
        if (!RealKafka.IsThere)
            Skip = $"no Kafka: neither {RealKafka.Variable}=host:port nor ../shared/kafka beside the repository";
    }
}
