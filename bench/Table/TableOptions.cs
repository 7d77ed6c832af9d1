namespace AkkaJoin.Bench.Table;

/// <summary>What to measure.</summary>
sealed record TableOptions
{
    /// <summary>Records in both topics of the bounded joins.</summary>
    public required int Events { get; init; }

    /// <summary>How often each.</summary>
    public required int Runs { get; init; }

    /// <summary>The groups of rows, see <see cref="TableGroups"/>.</summary>
    public required IReadOnlyList<string> Only { get; init; }

    /// <summary>The systems to compare with, as the peers' harness names them.</summary>
    public required IReadOnlyList<string> Peers { get; init; }

    /// <summary>How long the live load is measured, s.</summary>
    public required int Seconds { get; init; }

    /// <summary>How many records the large state has.</summary>
    public required int StateRecords { get; init; }

    /// <summary>A memory cgroup in which one may be made, or null.</summary>
    public required string? MemoryCgroup { get; init; }

    /// <summary>The seed of the loads.</summary>
    public required int Seed { get; init; }

    /// <summary>host:port of a broker, or null.</summary>
    public required string? Kafka { get; init; }

    /// <summary>Where PostgreSQL's programs lie, or null.</summary>
    public required string? Postgresql { get; init; }

    /// <summary>Whether rows of a group are wanted.</summary>
    internal bool Has(params ReadOnlySpan<string> groups)
    {
        foreach (var group in groups)
        {
            if (Only.Contains(group))
                return true;
        }

        return false;
    }
}

/// <summary>The groups of rows, as <c>--only</c> names them.</summary>
static class TableGroups
{
    internal const string Inner = "inner", Postgresql = "postgresql", Peers = "peers", Types = "types", Floor = "floor", Live = "live", CatchUp = "catch-up",
        State = "state", Memory = "memory";

    /// <summary>All, in the order of the report.</summary>
    internal static IReadOnlyList<string> All { get; } = [Inner, Postgresql, Peers, Types, Floor, Live, CatchUp, State, Memory];
}
