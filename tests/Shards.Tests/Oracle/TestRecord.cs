namespace AkkaJoin.Shards.Tests.Oracle;

/// <summary>A record of a test. <paramref name="Name"/> is its value and stands for it in rows; <paramref name="X"/> is its field.</summary>
sealed record TestRecord(string Name, Side Side, string? Key, long Time, string? Id = null, int Partition = 0, long Offset = 0, int? X = null);
