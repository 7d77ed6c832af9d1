namespace AkkaJoin.Shards.Outputs;

/// <summary>What the late topic's headers say beside the record itself.</summary>
/// <param name="LateByMs">How far the event time lay below its side's watermark, ms.</param>
/// <param name="Watermark">The side's watermark, ms since the epoch.</param>
/// <param name="HoldingSource">The topic index of the partition that held the watermark.</param>
/// <param name="HoldingPartition">The partition that held the watermark.</param>
/// <param name="PartnersFound">How many partners the record found when it came.</param>
readonly record struct LateReason(long LateByMs, long Watermark, int HoldingSource, int HoldingPartition, long PartnersFound);
