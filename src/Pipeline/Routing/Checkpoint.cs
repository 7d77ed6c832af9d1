namespace AkkaJoin.Pipeline.Routing;

/// <summary>A position of a partition, the watermark of the records below it, and the credit that goes back when it is reached.</summary>
readonly record struct Checkpoint(long To, long Watermark, int Credit);
