namespace AkkaJoin.Shards.Flow;

/// <summary>What is asked of the time of a join, as its key groups obey it.</summary>
/// <param name="Number">
/// The number of the order that changed it last; 0 = nothing was ever asked. A key group obeys no lower one than it has
/// journaled.
/// </param>
/// <param name="IsAtRest">Whether time does not move.</param>
/// <param name="ClockMs">
/// The join's clock when time was let go, or a side read again, for the last time, ms since the epoch; 0 = never. No
/// silence before it counts as idleness.
/// </param>
readonly record struct TimeOrder(long Number, bool IsAtRest, long ClockMs);
