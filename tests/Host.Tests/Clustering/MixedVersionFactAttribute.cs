using AkkaJoin.Pipeline.Tests.Kafka;
using AkkaJoin.Shards.Tests;
using AkkaJoin.Shards.Tests.Databases;
using Xunit;

namespace AkkaJoin.Host.Tests.Clustering;

/// <summary>
/// A test of the long form that needs, beside the servers, a build of an earlier commit: of d7c65ac, the last whose
/// nodes announce no format, or of 34c434f, the last that knows no format above 2; skipped where none is named.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MixedVersionFactAttribute : FactAttribute
{
    internal const string Variable = "AKKAJOIN_TEST_OLD_PROGRAM";

    public MixedVersionFactAttribute() =>
        Skip = LongForm.Skip
            ?? (OldProgram is null ? $"no earlier program: {Variable} names no akkajoin.dll of an earlier commit" : null)
            ?? new RealKafkaFactAttribute().Skip
            ?? new RealPostgresFactAttribute().Skip;

    /// <summary>The newest format of the earlier program: 1, unless another is named.</summary>
    internal static int OldFormat => Environment.GetEnvironmentVariable("AKKAJOIN_TEST_OLD_FORMAT") is "2" ? 2 : 1;

    internal static string? OldProgram => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? path : null;
}
