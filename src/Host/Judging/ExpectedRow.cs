namespace AkkaJoin.Host.Judging;

/// <summary>A row that SQL gave, before it is rendered. A place of -1 means that there is no record.</summary>
readonly record struct ExpectedRow(long Left, long Right, bool Required, bool Strict, int Why);
