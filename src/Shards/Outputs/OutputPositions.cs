namespace AkkaJoin.Shards.Outputs;

/// <summary>
/// Offsets of the output topics, taken at one moment, below which nothing can be that was handed to a producer later: none is above the end
/// of its partition's log at that moment. An older one is as true as a newer one, and only costs more reading. A partition that is not in
/// it counts as 0. Never changed: many events share one.
/// </summary>
/// <param name="Topics">A hash of the topics' names: offsets of other topics say nothing.</param>
/// <param name="Rows">By partition of the topic of the rows.</param>
/// <param name="Late">By partition of the topic of late records.</param>
sealed record OutputPositions(uint Topics, long[] Rows, long[] Late);
