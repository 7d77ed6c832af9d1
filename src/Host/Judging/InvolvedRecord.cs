using AkkaJoin.Shards.Definition;

namespace AkkaJoin.Host.Judging;

/// <summary>A source record that a difference involves.</summary>
/// <param name="Side">Its side.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="Time">Its event time, ms since the epoch.</param>
/// <param name="Id">Its id as text, or null.</param>
/// <param name="Value">Its value as text, or null.</param>
public sealed record InvolvedRecord(Side Side, int Partition, long Offset, long Time, string? Id, string? Value);
