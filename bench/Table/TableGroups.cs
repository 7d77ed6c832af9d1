namespace AkkaJoin.Bench.Table;

/// <summary>The groups of rows, as <c>--only</c> names them.</summary>
static class TableGroups
{
    internal const string Inner = "inner", Postgresql = "postgresql", Peers = "peers", Types = "types", Floor = "floor", Live = "live", CatchUp = "catch-up",
        State = "state", Memory = "memory";

    /// <summary>All, in the order of the report.</summary>
    internal static IReadOnlyList<string> All { get; } = [Inner, Postgresql, Peers, Types, Floor, Live, CatchUp, State, Memory];
}
