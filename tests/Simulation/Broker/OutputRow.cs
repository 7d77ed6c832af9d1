using AkkaJoin.Shards.Outputs;

namespace AkkaJoin.Simulation.Broker;

/// <summary>A row of an output topic, or a copy in the late topic, in every byte.</summary>
sealed record OutputRow(RowKind Kind, string Value, long TimestampMs, string? Key, string Headers);
