using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Host.Demo;

/// <summary>What the user asked of the demo.</summary>
/// <param name="Events">Records in both topics.</param>
/// <param name="Seed">Of the workload.</param>
/// <param name="Type">The join.</param>
/// <param name="Crash">Whether the engine is a child process that is killed in the middle.</param>
/// <param name="Json">Whether the result is JSON.</param>
/// <param name="Keep">Whether the directory is left.</param>
sealed record DemoOptions(int Events, int Seed, JoinType Type, bool Crash, bool Json, bool Keep)
{
    /// <summary>
    /// The most records: the embedded broker keeps 5 MiB a partition and drops the oldest silently above it; with the demo's partitions,
    /// this many records and their rows stay below it in every type of join.
    /// </summary>
    internal const int EventsMax = 500_000;

    /// <summary>The size without --events.</summary>
    internal const int EventsDefault = 200_000;
}
