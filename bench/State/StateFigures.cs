namespace AkkaJoin.Bench.State;

/// <summary>All that one run of <c>state</c> found.</summary>
/// <param name="Sizes">One for each number of records.</param>
/// <param name="HotKey">Null where only the applying was measured.</param>
/// <param name="SilentSide">Null where only the applying was measured.</param>
sealed record StateFigures(IReadOnlyList<StateResult> Sizes, HotKeyResult? HotKey, SilentSideResult? SilentSide);
