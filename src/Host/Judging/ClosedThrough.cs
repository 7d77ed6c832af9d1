namespace AkkaJoin.Host.Judging;

/// <summary>How far a bounded run closed time by itself, beyond what the records say.</summary>
/// <param name="Left">The left side's watermark at the end of the run, ms since the epoch; null = what the records say.</param>
/// <param name="Right">The right side's watermark at the end of the run, ms since the epoch; null = what the records say.</param>
public sealed record ClosedThrough(long? Left, long? Right);
