using Xunit;

namespace AkkaJoin.Cockpit.Tests.Telemetry;

/// <summary>One test after the other: the meters are the process's.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MetricsCollection
{
    internal const string Name = "metrics";
}
