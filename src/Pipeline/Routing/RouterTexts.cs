namespace AkkaJoin.Pipeline.Routing;

/// <summary>What users are told by the router.</summary>
static class RouterTexts
{
    /// <summary>A key group's journal was rolled back to before it knew of a partition.</summary>
    internal static string JournalForgot(SourcePartition partition) =>
        $"{partition.Topic}/{partition.Partition}: the journal was rolled back to a time before it knew of the partition, while its records were joined. Start again: where the journal still knows at which offset the join began with it, all is joined again from there.";

    /// <summary>A key group does not know a partition, and the catalogue does not know where the join began with it.</summary>
    internal static string OriginIsLost(SourcePartition partition) =>
        $"{partition.Topic}/{partition.Partition}: the journal is older than the group's committed offset {partition.Start.CommittedOffset}, and does not know where the join began with the partition: records below that offset would be missing. Nothing was skipped. Restore a later copy of the journal; or start anew with an empty journal and another group-id.";

    internal static string LogNoLongerHolds(SourcePartition partition, long covered) =>
        $"{partition.Topic}/{partition.Partition}: the journal has all records below offset {covered}, the group's committed offset is {partition.Start.CommittedOffset}, but the log begins at {partition.Start.LogStartOffset}: the records from {covered} to {partition.Start.LogStartOffset - 1} are gone. " +
        "The journal was restored from a backup or the offsets were moved. Restore a newer journal; or start anew with an empty journal and another group-id, which joins from the log's beginning.";
}
