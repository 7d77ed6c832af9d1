using Xunit;

namespace AkkaJoin.Pipeline.Tests.Kafka;

/// <summary>A test that needs an Apache Kafka; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealKafkaFactAttribute : FactAttribute
{
    public RealKafkaFactAttribute()
    {
        if (!RealKafka.IsThere)
            Skip = $"no Kafka: neither {RealKafka.Variable}=host:port nor ../shared/kafka beside the repository";
    }
}
