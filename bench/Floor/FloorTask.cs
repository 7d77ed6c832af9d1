namespace AkkaJoin.Bench.Floor;

/// <summary>What the loop does.</summary>
/// <param name="Servers">host:port of the broker.</param>
/// <param name="Impressions">A topic to read.</param>
/// <param name="Plays">The other one.</param>
/// <param name="Output">Where the messages go.</param>
/// <param name="Records">How many records both topics have.</param>
/// <param name="Rows">How many messages go out for them.</param>
/// <param name="RowBytes">Bytes of a message: key and value.</param>
sealed record FloorTask(string Servers, string Impressions, string Plays, string Output, long Records, long Rows, int RowBytes);
