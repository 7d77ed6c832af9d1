namespace AkkaJoin.Bench.Table;

/// <summary>The table.</summary>
sealed record TableResult
{
    public required Versions Versions { get; init; }

    public required TableOptions Options { get; init; }

    public required DateTimeOffset Began { get; init; }

    public required DateTimeOffset Ended { get; init; }

    public required IReadOnlyList<TableRow> Rows { get; init; }
}
