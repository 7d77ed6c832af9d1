namespace AkkaJoin.Bench.EndToEnd;

/// <summary>What the judge found: the rows of a run against the same join as SQL.</summary>
sealed record JudgeFigures(bool Exact, long Expected, long Found, long Missing, long Extra);
