namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>The fates of one side. Waiting and expired are one here: when the expired are counted off is the join's own affair.</summary>
sealed record OracleLedger(int Received, int Matched, int Unmatched, int Late, int Duplicate, int Waiting);
