namespace AkkaJoin.Bench.Live;

/// <summary>What had happened at one moment of a live load.</summary>
/// <param name="AtMs">The moment, ms since the epoch.</param>
/// <param name="Sent">Records produced.</param>
/// <param name="Join">CPU of the join's process, s.</param>
/// <param name="Broker">CPU of the broker, s; null where it is not ours.</param>
/// <param name="Generator">CPU of this process, s.</param>
readonly record struct LiveSample(long AtMs, long Sent, double Join, double? Broker, double Generator);
