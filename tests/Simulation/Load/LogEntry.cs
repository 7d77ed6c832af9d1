using AkkaJoin.Shards.Tests.Oracle;

namespace AkkaJoin.Simulation.Load;

/// <summary>A record of a source log, from <paramref name="ArrivesAt"/> on; null = one that cannot be decoded.</summary>
readonly record struct LogEntry(long ArrivesAt, TestRecord? Record);
