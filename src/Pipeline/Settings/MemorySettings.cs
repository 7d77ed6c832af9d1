namespace AkkaJoin.Pipeline.Settings;

/// <summary>What the process may hold in memory, and where the state is beside it.</summary>
public sealed record MemorySettings
{
    /// <summary>The directory of the files that the records held are mapped from; null = they are in memory.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>The most bytes for all joins of the process; null = 80 % of what the process may have.</summary>
    public long? BudgetBytes { get; init; }

    /// <summary>How long the budget may be used up before the join ends, ms.</summary>
    public int WaitMs { get; init; } = 60_000;
}
