namespace AkkaJoin.Host.Administration.Reports;

/// <summary>How far the time of one side is.</summary>
/// <param name="Watermark">ms since the epoch; null = a partition has given no time yet.</param>
/// <param name="Topic">The topic of the partition that holds it back.</param>
/// <param name="Partition">The partition that holds it back.</param>
sealed record WatermarkReport(long? Watermark, string Topic, int Partition);
