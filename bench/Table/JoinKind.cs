namespace AkkaJoin.Bench.Table;

/// <summary>A join that runs in turns with others over the same topics.</summary>
/// <param name="Type">The type of the join.</param>
/// <param name="OnPostgresql">Where its journal is; otherwise in SQLite.</param>
sealed record JoinKind(string Type, bool OnPostgresql = false)
{
    internal static JoinKind Inner { get; } = new("inner");

    internal static JoinKind Postgresql { get; } = new("inner", OnPostgresql: true);

    internal static JoinKind Left { get; } = new("left");

    internal static JoinKind Full { get; } = new("full");

    internal static JoinKind Attribution { get; } = new("attribution");

    /// <summary>A name for topics and people.</summary>
    internal string Name => OnPostgresql ? Type + "-postgresql" : Type;
}
