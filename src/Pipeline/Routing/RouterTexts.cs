namespace AkkaJoin.Pipeline.Routing;

/// <summary>What users are told by the router.</summary>
static class RouterTexts
{
    /// <summary>A key group's journal was rolled back to before it knew a partition.</summary>
    internal static string JournalForgot(SourcePartition partition) =>
        $"{partition.Topic}/{partition.Partition}: the journal was rolled back to a time before the join first "
        + "read this partition, while its records were being joined. "
        + "Start the join again. If the journal still knows the offset at which the join first read the "
        + "partition, everything is joined again from there.";

    /// <summary>
    /// A key group does not know a partition, and the catalogue does not know where the join began with it.
    /// </summary>
    internal static string OriginIsLost(SourcePartition partition) =>
        $"{partition.Topic}/{partition.Partition}: the journal is older than the consumer group's committed "
        + $"offset {partition.Start.CommittedOffset}, and does not know where the join began with the partition. "
        + "Records below that offset would be missing from the rows, so the join stops. No record was skipped. "
        + "Restore a newer copy of the journal. Or start with an empty journal and another group-id.";

    /// <summary>The log begins above the offset from which a partition is to be read.</summary>
    internal static string LogNoLongerHolds(SourcePartition partition, long applied) =>
        $"{partition.Topic}/{partition.Partition}: the journal has all records below offset {applied}, and the "
        + $"consumer group's committed offset is {partition.Start.CommittedOffset}, but the log begins at "
        + $"{partition.Start.LogStartOffset}. "
        + $"Kafka no longer has the records from {applied} to {partition.Start.LogStartOffset - 1}. The journal "
        + "was restored from a backup, or the offsets were moved. "
        + "Restore a newer copy of the journal. Or start with an empty journal and another group-id: then "
        + "everything from the log's beginning is joined.";
}
