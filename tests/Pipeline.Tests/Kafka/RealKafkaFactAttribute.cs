using AkkaJoin.Shards.Tests;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Kafka;

/// <summary>A test that needs an Apache Kafka; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealKafkaFactAttribute : FactAttribute
{
    internal const string NoKafka = $"no Kafka: neither {RealKafka.Variable}=host:port nor ../shared/kafka beside the repository";

    /// <summary>Skips where there is no Kafka.</summary>
    /// <param name="isLong">The test belongs to the long form alone.</param>
    public RealKafkaFactAttribute(bool isLong = false) => Skip = (isLong ? LongForm.Skip : null) ?? (RealKafka.IsThere ? null : NoKafka);
}

/// <summary>A test with several cases that needs an Apache Kafka; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealKafkaTheoryAttribute : TheoryAttribute
{
    /// <summary>Skips where there is no Kafka.</summary>
    /// <param name="isLong">The test belongs to the long form alone.</param>
    public RealKafkaTheoryAttribute(bool isLong = false) => Skip = new RealKafkaFactAttribute(isLong).Skip;
}
