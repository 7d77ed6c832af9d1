using AkkaJoin.Pipeline.Tests.Kafka;
using AkkaJoin.Shards.Tests.Databases;
using Xunit;

namespace AkkaJoin.Host.Tests.Clustering;

/// <summary>A test that needs, beside the servers, a build of commit d7c65ac, the last whose nodes announce no format; skipped where none is named.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MixedVersionFactAttribute : FactAttribute
{
    internal const string Variable = "AKKAJOIN_TEST_OLD_PROGRAM";

    public MixedVersionFactAttribute() =>
        Skip = OldProgram is null
            ? $"no earlier program: {Variable} names no akkajoin.dll of commit d7c65ac"
            : new RealKafkaFactAttribute().Skip ?? new RealPostgresFactAttribute().Skip;

    internal static string? OldProgram => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? path : null;
}
